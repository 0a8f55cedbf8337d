using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The gradient of <see cref="MaxPool"/>: each window gives its gradient to its largest cell, the first in reading
    /// order where several are equal; overlapping windows add up.
    /// </summary>
    internal static Tensor MaxPoolGrad(Tensor input, Tensor output, Tensor gradient, PoolAttributes attributes, string? name = null) =>
        input.Graph.Add(new MaxPoolGradOp(attributes), [input, output, gradient], name);
}

internal sealed class MaxPoolGradOp(PoolAttributes attributes) : OpDef, INumericKernel
{
    public override string Type => "MaxPoolGrad";

    public PoolAttributes Attributes => attributes;

    public override Gradient Gradient => Gradient.NotDifferentiable("the second derivative of max pooling is not offered");

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireNumbers(inputs);
        inputs.SameType(0, 2);
        Shape input = inputs.WithRank(0, 4);
        Shape pooled = attributes.OutputShape(inputs, input);
        if (!pooled.IsCompatibleWith(inputs.WithRank(1, 4)) || !pooled.IsCompatibleWith(inputs.WithRank(2, 4)))
        {
            throw inputs.Error($"output and gradient must have the shape of the pooled input, {pooled}");
        }

        return [new(type, input)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new Fast(attributes.ShapeFor(spec.Input(0)))
        : NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var pool = new PoolLoops(attributes, spec.Input(0));
        return Kernel.Of(context => pool.MaxGradient(context.Input<T>(0), context.Input<T>(2), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(PoolShape shape) : Kernel
    {
        public override void Run(KernelContext context) => MaxPooling.Gradient(
            shape,
            (float*)context.InputPointer(0),
            (float*)context.InputPointer(2),
            (float*)context.OutputPointer(0),
            context.Threads);
    }
}
