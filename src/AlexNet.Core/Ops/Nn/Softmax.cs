using System.Numerics;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>exp(x) / Σ exp(x) along the last dimension (<c>tf.nn.softmax</c>).</summary>
    /// <param name="logits">x: float32 or float64 of at least one dimension.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>Rows that sum to 1; a row of which every element is −∞ gives NaN.</returns>
    /// <exception cref="GraphException">The tensor is a scalar or holds no floating-point numbers.</exception>
    public static Tensor Softmax(Tensor logits, string? name = null) => logits.Graph.Add(new SoftmaxOp(), [logits], name);
}

internal sealed class SoftmaxOp : OpDef, IFloatingKernel
{
    public override string Type => "Softmax";

    // dx = (dy − Σ dy·y)·y
    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        Tensor y = op.Output;
        Tensor sum = MathOps.Sum(dy[0] * y, -1, keepDims: true);
        return [(dy[0] - sum) * y];
    });

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        NumericKernel.RequireFloating(inputs);
        if (inputs[0].Shape is { HasRank: true, Rank: 0 }) throw inputs.Error("the logits must have at least one dimension; they are a scalar");
        return [inputs[0]];
    }

    public override Kernel CreateKernel(KernelSpec spec) => NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int classes = spec.Input(0).Dimensions[^1];
        return Kernel.Of(
            context =>
            {
                ReadOnlySpan<T> x = context.Input<T>(0);
                Span<T> y = context.Output<T>(0);
                for (int at = 0; at < y.Length; at += classes) SoftmaxRows.Softmax(x.Slice(at, classes), y.Slice(at, classes));
            },
            elementwise: true);
    }
}
