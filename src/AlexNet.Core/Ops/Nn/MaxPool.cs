using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The largest value of each window (<c>tf.nn.max_pool</c>). Padding never wins; NaN is passed over.</summary>
    /// <param name="value">Pictures [batch, height, width, channels] of any number type.</param>
    /// <param name="ksize">The window, [1, rows, columns, 1].</param>
    /// <param name="strides">The window's steps, [1, rows, columns, 1].</param>
    /// <param name="padding">How the window behaves at the edges.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>[batch, height', width', channels] by the padding's rule.</returns>
    /// <exception cref="GraphException">The shape does not fit, or the window does not fit into the picture.</exception>
    public static Tensor MaxPool(Tensor value, int[] ksize, int[] strides, Padding padding, string? name = null)
    {
        using NameScope scope = value.Graph.NameScope(name ?? "MaxPool");
        return value.Graph.Add(new MaxPoolOp(new PoolAttributes(ksize, strides, padding)), [value], scope.Name);
    }
}

internal sealed class MaxPoolOp(PoolAttributes attributes) : OpDef, INumericKernel
{
    public override string Type => "MaxPool";

    public PoolAttributes Attributes => attributes;

    public override Gradient Gradient => Gradient.Of((op, dy) => [Nn.MaxPoolGrad(op.Inputs[0], op.Output, dy[0], attributes)]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireNumbers(inputs);
        return [new(type, attributes.OutputShape(inputs, inputs.WithRank(0, 4)))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new Fast(attributes.ShapeFor(spec.Input(0)))
        : NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var pool = new PoolLoops(attributes, spec.Input(0));
        return Kernel.Of(context => pool.Max(context.Input<T>(0), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(PoolShape shape) : Kernel
    {
        public override void Run(KernelContext context) =>
            MaxPooling.Forward(shape, (float*)context.InputPointer(0), (float*)context.OutputPointer(0), context.Threads);
    }
}
