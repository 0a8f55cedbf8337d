namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor's number of elements, a scalar (<c>tf.size</c>): a Const where it is known, else op Size.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="optimize">Whether a known number becomes a Const.</param>
    /// <param name="outType">int32 or int64.</param>
    public static Tensor Size(Tensor input, string? name = null, bool optimize = true, DType outType = DType.Int32)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Size");
        long? count = input.Shape.Contains(0) ? 0 : input.Shape.ElementCount;
        return optimize && count is { } known
            ? graph.Constant(SizeOp.Scalar(outType, known), scope.Name)
            : graph.Add(new SizeOp(outType), [input], scope.Name);
    }
}

internal sealed class SizeOp(DType outType) : OpDef
{
    public override string Type => "Size";

    public override Gradient Gradient => Gradient.None("sizes do not depend on values");

    public static TensorData Scalar(DType type, long count) => type == DType.Int64 ? TensorData.Scalar(count) : TensorData.Scalar(checked((int)count));

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("out_type", outType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(inputs.SizeType(outType), Shape.Scalar)];

    public override Shape? InferValue(InferenceContext inputs) =>
        inputs[0].Shape.ElementCount is { } count and <= int.MaxValue ? new Shape((int)count) : Shape.OfRank(1);

    public override Kernel CreateKernel(KernelSpec spec) => new SizesKernel(Scalar(outType, spec.Input(0).Count));
}
