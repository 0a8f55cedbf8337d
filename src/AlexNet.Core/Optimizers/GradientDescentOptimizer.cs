namespace AlexNetTF;

/// <summary>Plain gradient descent: variable −= rate · gradient.</summary>
public sealed class GradientDescentOptimizer : Optimizer
{
    private readonly Operand rate;
    private Tensor? rateTensor;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The step: a number, or a scalar tensor such as a schedule.</param>
    /// <param name="name">The name of its operations.</param>
    public GradientDescentOptimizer(Operand learningRate, string name = "GradientDescent")
        : base(name) => rate = learningRate;

    /// <inheritdoc/>
    protected override void Prepare(Graph graph) => rateTensor = rate.ToTensor(graph, DType.Float32, "learning_rate");

    /// <inheritdoc/>
    protected override Operation Apply(Tensor gradient, Variable variable) =>
        StateOps.ApplyGradientDescent(variable.Reference, LikeVariable(rateTensor!, variable), gradient).Op;
}
