namespace AlexNetTF;

/// <summary>
/// Adam (Kingma and Ba, 2015) as TensorFlow computes it: variable −= rate · sqrt(1 − β2ᵗ) / (1 − β1ᵗ) · m / (sqrt(v) + ε).
/// </summary>
public sealed class AdamOptimizer : Optimizer
{
    private readonly Operand rate;
    private readonly float beta1;
    private readonly float beta2;
    private readonly float epsilon;
    private Variable? beta1Power;
    private Variable? beta2Power;
    private Tensor[] shared = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The step: a number, or a scalar tensor such as a schedule.</param>
    /// <param name="beta1">How slowly the gradient's mean m follows, 0 to 1.</param>
    /// <param name="beta2">How slowly the gradient's squared mean v follows, 0 to 1.</param>
    /// <param name="epsilon">Added to the root, against division by zero.</param>
    /// <param name="name">The name of its operations and slots.</param>
    public AdamOptimizer(Operand learningRate, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, string name = "Adam")
        : base(name)
    {
        rate = learningRate;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /// <inheritdoc/>
    protected override void CreateSlots(IReadOnlyList<Variable> variables)
    {
        Variable first = variables.MinBy(variable => variable.Name, StringComparer.Ordinal)!;
        using (first.Graph.Colocate(first.Op))
        {
            beta1Power ??= first.Graph.Variable(beta1, "beta1_power", trainable: false);
            beta2Power ??= first.Graph.Variable(beta2, "beta2_power", trainable: false);
        }

        foreach (Variable variable in variables)
        {
            CreateSlot(variable, "m");
            CreateSlot(variable, "v");
        }
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph graph) => shared =
    [
        rate.ToTensor(graph, DType.Float32, "learning_rate"),
        ((Operand)beta1).ToTensor(graph, DType.Float32, "beta1"),
        ((Operand)beta2).ToTensor(graph, DType.Float32, "beta2"),
        ((Operand)epsilon).ToTensor(graph, DType.Float32, "epsilon"),
    ];

    /// <inheritdoc/>
    protected override Operation Apply(Tensor gradient, Variable variable)
    {
        Tensor Like(Tensor tensor) => LikeVariable(tensor, variable);
        return StateOps.ApplyAdam(
            variable.Reference,
            GetSlot(variable, "m")!.Reference,
            GetSlot(variable, "v")!.Reference,
            Like(beta1Power!.Value),
            Like(beta2Power!.Value),
            Like(shared[0]),
            Like(shared[1]),
            Like(shared[2]),
            Like(shared[3]),
            gradient).Op;
    }

    /// <inheritdoc/>
    protected override Operation Finish(Graph graph, IReadOnlyList<Operation> updates, string name)
    {
        Operation[] powers;
        using (graph.ControlDependencies(updates))
        {
            using IDisposable beside = graph.Colocate(beta1Power!.Op);
            Tensor next1 = beta1Power.Value * shared[1];
            Operation first = StateOps.Assign(beta1Power.Reference, next1, useLocking: false).Op;
            Tensor next2 = beta2Power!.Value * shared[2];
            Operation second = StateOps.Assign(beta2Power.Reference, next2, useLocking: false).Op;
            powers = [first, second];
        }

        return graph.Group([.. updates, .. powers], name);
    }
}
