namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor's number of dimensions, an int32 scalar (<c>tf.rank</c>): a Const where it is known, else op Rank.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="optimize">Whether a known number becomes a Const.</param>
    public static Tensor Rank(Tensor input, string? name = null, bool optimize = true)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Rank");
        return optimize && input.Shape.HasRank
            ? graph.Constant(TensorData.Scalar(input.Shape.Rank), scope.Name)
            : graph.Add(new RankOp(), [input], scope.Name);
    }
}

internal sealed class RankOp : OpDef
{
    public override string Type => "Rank";

    public override Gradient Gradient => Gradient.None("sizes do not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(DType.Int32, Shape.Scalar)];

    public override Shape? InferValue(InferenceContext inputs) => inputs[0].Shape.HasRank ? new Shape(inputs[0].Shape.Rank) : Shape.OfRank(1);

    public override Kernel CreateKernel(KernelSpec spec) => new SizesKernel(TensorData.Scalar(spec.Input(0).Rank));
}
