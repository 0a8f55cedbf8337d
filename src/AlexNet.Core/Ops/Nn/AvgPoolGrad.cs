using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>The gradient of <see cref="AvgPool(Tensor, int[], int[], Padding, string?)"/>: each window spreads its gradient evenly over its cells inside the picture.</summary>
    /// <param name="inputShape">The four sizes of the pooled tensor.</param>
    /// <param name="gradient">The gradient of the means.</param>
    /// <param name="attributes">Those of the pooling.</param>
    /// <param name="name">The node's name.</param>
    internal static Tensor AvgPoolGrad(Tensor inputShape, Tensor gradient, PoolAttributes attributes, string? name = null) =>
        gradient.Graph.Add(new AvgPoolGradOp(attributes), [inputShape, gradient], name);
}

internal sealed class AvgPoolGradOp(PoolAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "AvgPoolGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => [null, Nn.AvgPool(dy[0], attributes)]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs, 1);
        Shape input = inputs.ValueAsShape(0);
        if (!input.HasRank) input = Shape.OfRank(4);
        if (input.Rank != 4) throw inputs.Error($"the input's shape must have 4 sizes; it has {input.Rank}");
        Shape pooled = attributes.OutputShape(inputs, input);
        if (!pooled.IsCompatibleWith(inputs.WithRank(1, 4))) throw inputs.Error($"the gradient must have the shape of the pooled input, {pooled}");
        return [new(type, input)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(1).Type == DType.Float32
        ? new Fast(attributes.ShapeFor(spec.Output(0)))
        : NumericKernel.OfFloating(this, spec, 1);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var pool = new PoolLoops(attributes, spec.Output(0));
        return Kernel.Of(context => pool.MeanGradient(context.Input<T>(1), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(PoolShape shape) : Kernel
    {
        public override void Run(KernelContext context) =>
            AveragePooling.Gradient(shape, (float*)context.InputPointer(1), (float*)context.OutputPointer(0), context.Threads);
    }
}
