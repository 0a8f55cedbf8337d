namespace AlexNetTF;

/// <summary>Gradient descent with momentum: a = a · momentum + gradient; variable −= rate · a, or Nesterov's variable −= rate · (gradient + momentum · a).</summary>
public sealed class MomentumOptimizer : Optimizer
{
    private readonly Operand rate;
    private readonly Operand momentum;
    private readonly bool nesterov;
    private Tensor? rateTensor;
    private Tensor? momentumTensor;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The step: a number, or a scalar tensor such as a schedule.</param>
    /// <param name="momentum">How much of the last step goes on, 0 to 1.</param>
    /// <param name="useNesterov">Whether to look ahead (Sutskever and others, 2013).</param>
    /// <param name="name">The name of its operations and slots.</param>
    public MomentumOptimizer(Operand learningRate, Operand momentum, bool useNesterov = false, string name = "Momentum")
        : base(name)
    {
        rate = learningRate;
        this.momentum = momentum;
        nesterov = useNesterov;
    }

    /// <inheritdoc/>
    protected override void CreateSlots(IReadOnlyList<Variable> variables)
    {
        foreach (Variable variable in variables) CreateSlot(variable, "momentum");
    }

    /// <inheritdoc/>
    protected override void Prepare(Graph graph)
    {
        rateTensor = rate.ToTensor(graph, DType.Float32, "learning_rate");
        momentumTensor = momentum.ToTensor(graph, DType.Float32, "momentum");
    }

    /// <inheritdoc/>
    protected override Operation Apply(Tensor gradient, Variable variable) => StateOps.ApplyMomentum(
        variable.Reference,
        GetSlot(variable, "momentum")!.Reference,
        LikeVariable(rateTensor!, variable),
        gradient,
        LikeVariable(momentumTensor!, variable),
        nesterov).Op;
}
