using NumSharp;

namespace AlexNetTF;

/// <summary>Ops that make, move and rearrange values.</summary>
public static partial class ArrayOps
{
    /// <summary>A constant of the array's element type and shape (TensorFlow's <c>tf.constant</c>, op Const).</summary>
    public static Tensor Constant(this Graph graph, NDArray value, string? name = null) => graph.Constant(TensorData.From(value), name);

    /// <summary>A constant string, as UTF-8.</summary>
    public static Tensor Constant(this Graph graph, string value, string? name = null) => graph.Constant(TensorData.OfText(value), name);

    /// <summary>A constant vector of strings, as UTF-8.</summary>
    public static Tensor Constant(this Graph graph, string[] values, string? name = null) => graph.Constant(TensorData.OfText(values), name);

    internal static Tensor Constant(this Graph graph, TensorData value, string? name = null) => graph.Add(new ConstOp(value), [], name);
}

internal sealed class ConstOp(TensorData value) : OpDef
{
    public override string Type => "Const";

    public override Gradient Gradient => Gradient.None("a constant has no inputs");

    internal override TensorData Constant => value;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("dtype", value.Type);
        attributes.Add("value", value);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(value.Type, value.Shape)];

    public override Kernel CreateKernel(KernelSpec spec) => throw new InvalidOperationException("A constant's memory is its value; it has no kernel.");
}
