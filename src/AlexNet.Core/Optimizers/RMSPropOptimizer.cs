namespace AlexNetTF;

/// <summary>
/// RMSProp (Hinton): ms = decay · ms + (1 − decay) · gradient²; mom = momentum · mom + rate · gradient / sqrt(ms + ε); variable −= mom.
/// </summary>
public sealed class RMSPropOptimizer : Optimizer
{
    private readonly Operand rate;
    private readonly float decay;
    private readonly float momentum;
    private readonly float epsilon;
    private Tensor[] shared = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The step: a number, or a scalar tensor such as a schedule.</param>
    /// <param name="decay">How slowly the gradient's squared mean follows, 0 to 1.</param>
    /// <param name="momentum">How much of the last step goes on, 0 to 1.</param>
    /// <param name="epsilon">Added under the root, against division by zero.</param>
    /// <param name="name">The name of its operations and slots.</param>
    public RMSPropOptimizer(Operand learningRate, float decay = 0.9f, float momentum = 0, float epsilon = 1e-10f, string name = "RMSProp")
        : base(name)
    {
        rate = learningRate;
        this.decay = decay;
        this.momentum = momentum;
        this.epsilon = epsilon;
    }

    /// <inheritdoc/>
    protected override void CreateSlots(IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables)
        {
            CreateSlot(variable, "rms", Initializer.Ones);
            CreateSlot(variable, "momentum");
        }
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph graph) => shared =
    [
        rate.ToTensor(graph, DType.Float32, "learning_rate"),
        ((Operand)decay).ToTensor(graph, DType.Float32, "decay"),
        ((Operand)momentum).ToTensor(graph, DType.Float32, "momentum"),
        ((Operand)epsilon).ToTensor(graph, DType.Float32, "epsilon"),
    ];

    /// <inheritdoc/>
    protected override Operation Apply(Tensor gradient, Variable variable)
    {
        Tensor Like(int index) => LikeVariable(shared[index], variable);
        return StateOps.ApplyRMSProp(
            variable.Reference,
            GetSlot(variable, "rms")!.Reference,
            GetSlot(variable, "momentum")!.Reference,
            Like(0),
            Like(1),
            Like(2),
            Like(3),
            gradient).Op;
    }
}
