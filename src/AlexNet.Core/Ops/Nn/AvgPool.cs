using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The mean of each window's cells inside the picture; padding does not count (<c>tf.nn.avg_pool</c>).</summary>
    /// <param name="value">Pictures [batch, height, width, channels], float32 or float64.</param>
    /// <param name="ksize">The window, [1, rows, columns, 1].</param>
    /// <param name="strides">The window's steps, [1, rows, columns, 1].</param>
    /// <param name="padding">How the window behaves at the edges.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>[batch, height', width', channels] by the padding's rule.</returns>
    /// <exception cref="GraphException">The shape does not fit, or the window does not fit into the picture.</exception>
    public static Tensor AvgPool(Tensor value, int[] ksize, int[] strides, Padding padding, string? name = null)
    {
        using NameScope scope = value.Graph.NameScope(name ?? "AvgPool");
        return AvgPool(value, new PoolAttributes(ksize, strides, padding), scope.Name);
    }

    internal static Tensor AvgPool(Tensor value, PoolAttributes attributes, string? name = null) =>
        value.Graph.Add(new AvgPoolOp(attributes), [value], name);
}

internal sealed class AvgPoolOp(PoolAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "AvgPool";

    public override Gradient Gradient => Gradient.Of((op, dy) => [Nn.AvgPoolGrad(ArrayOps.Shape(op.Inputs[0]), dy[0], attributes)]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs);
        return [new(type, attributes.OutputShape(inputs, inputs.WithRank(0, 4)))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new Fast(attributes.ShapeFor(spec.Input(0)))
        : NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var pool = new PoolLoops(attributes, spec.Input(0));
        return Kernel.Of(context => pool.Mean(context.Input<T>(0), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(PoolShape shape) : Kernel
    {
        public override void Run(KernelContext context) =>
            AveragePooling.Forward(shape, (float*)context.InputPointer(0), (float*)context.OutputPointer(0), context.Threads);
    }
}
