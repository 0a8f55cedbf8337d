namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor's sizes as a vector (<c>tf.shape</c>): a Const where all are known, else op Shape.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="optimize">Whether known sizes become a Const.</param>
    /// <param name="outType">int32 or int64.</param>
    public static Tensor Shape(Tensor input, string? name = null, bool optimize = true, DType outType = DType.Int32)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Shape");
        return optimize && input.Shape.IsFullyDefined
            ? graph.Constant(StaticValues.FromShape(outType, input.Shape, AlexNetTF.Shape.Of([input.Shape.Rank])), scope.Name)
            : graph.Add(new ShapeOp(outType), [input], scope.Name);
    }
}

internal sealed class ShapeOp(DType outType) : OpDef
{
    public override string Type => "Shape";

    public override Gradient Gradient => Gradient.None("sizes do not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("out_type", outType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) =>
        [new(inputs.SizeType(outType), new Shape(inputs[0].Shape.HasRank ? inputs[0].Shape.Rank : null))];

    public override Shape? InferValue(InferenceContext inputs) => inputs[0].Shape;

    public override Kernel CreateKernel(KernelSpec spec) =>
        new SizesKernel(StaticValues.FromShape(outType, Shape.Of(spec.Input(0).Dims), Shape.Of([spec.Input(0).Rank])));
}

/// <summary>Writes numbers that follow from sizes; one tensor per output.</summary>
internal sealed unsafe class SizesKernel(params TensorData[] values) : Kernel
{
    public override bool MayOverwrite(int input) => true;

    public override void Run(KernelContext context)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Buffer.MemoryCopy(values[i].Memory.Pointer, context.OutputPointer(i), values[i].Bytes, values[i].Bytes);
        }
    }
}
