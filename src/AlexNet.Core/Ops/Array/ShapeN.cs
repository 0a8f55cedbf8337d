namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The sizes of several tensors (<c>tf.shape_n</c>).</summary>
    /// <param name="inputs">Tensors of one element type.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="outType">int32 or int64.</param>
    /// <returns>One vector per tensor.</returns>
    public static IReadOnlyList<Tensor> ShapeN(IReadOnlyList<Tensor> inputs, string? name = null, DType outType = DType.Int32) =>
        inputs[0].Graph.AddOperation(new ShapeNOp(outType), inputs, name).Outputs;
}

internal sealed class ShapeNOp(DType outType) : OpDef
{
    public override string Type => "ShapeN";

    public override Gradient Gradient => Gradient.None("sizes do not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count);
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("out_type", outType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, inputs.Count - 1);
        DType type = inputs.SizeType(outType);
        return [.. Enumerable.Range(0, inputs.Count).Select(i => new TensorSpec(type, new Shape(inputs[i].Shape.HasRank ? inputs[i].Shape.Rank : null)))];
    }

    public override Kernel CreateKernel(KernelSpec spec) =>
        new SizesKernel([.. Enumerable.Range(0, spec.InputCount).Select(i => StaticValues.FromShape(outType, Shape.Of(spec.Input(i).Dims), Shape.Of([spec.Input(i).Rank])))]);

    internal override Shape? InferValue(InferenceContext inputs, int output) => inputs[output].Shape;
}
