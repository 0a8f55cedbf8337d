using System.Numerics;
using System.Numerics.Tensors;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The rectifier, y = max(x, 0); NaN stays NaN (<c>tf.nn.relu</c>).</summary>
    /// <param name="features">x: numbers of any shape.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The tensor holds no numbers.</exception>
    public static Tensor Relu(Tensor features, string? name = null) => features.Graph.Add(new ReluOp(), [features], name);
}

internal sealed class ReluOp : OpDef, INumericKernel
{
    public override string Type => "Relu";

    // From the output, so that the input's memory is free again: y > 0 exactly where x > 0.
    public override Gradient Gradient => Gradient.Of((op, dy) => [Nn.ReluGrad(dy[0], op.Output)]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        NumericKernel.RequireNumbers(inputs);
        return [inputs[0]];
    }

    public override Kernel CreateKernel(KernelSpec spec) => NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => Kernel.Of(
            context => TensorPrimitives.Max(context.Input<T>(0), T.Zero, context.Output<T>(0)),
            elementwise: true);
}
