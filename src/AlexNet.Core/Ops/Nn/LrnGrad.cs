using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The gradient of <see cref="Lrn"/>: with N_k = bias + alpha·Σ x_j²,
    /// dx_k = dy_k·N_k^−beta − 2·alpha·beta·x_k·Σ dy_j·y_j / N_j, both sums over |j − k| ≤ depthRadius.
    /// </summary>
    internal static Tensor LrnGrad(Tensor gradient, Tensor input, Tensor output, LrnAttributes attributes, string? name = null) =>
        input.Graph.Add(new LrnGradOp(attributes), [gradient, input, output], name);
}

internal sealed class LrnGradOp(LrnAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "LRNGrad";

    public LrnAttributes Attributes => attributes;

    public override Gradient Gradient => Gradient.NotDifferentiable("the second derivative of local response normalisation is not offered");

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        attributes.Require(inputs);
        DType type = NumericKernel.RequireFloating(inputs);
        inputs.SameType(0, 2);
        Shape shape = inputs.WithRank(0, 4);
        shape = shape.MergeWith(inputs.WithRank(1, 4))?.MergeWith(inputs.WithRank(2, 4))
            ?? throw inputs.Error("gradient, input and output must have one shape");
        return [new(type, shape)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new Fast(attributes.Parameters, spec.Input(0))
        : NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var loops = new LrnLoops<T>(attributes, spec.Input(1));
        return Kernel.Of(context => loops.Gradient(context.Input<T>(0), context.Input<T>(1), context.Input<T>(2), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(LrnParameters parameters, TensorInfo input) : Kernel
    {
        private readonly int channels = input.Dimensions[3];
        private readonly long pixels = input.Dims[..3].Aggregate(1L, (count, size) => count * size);

        public override bool MayOverwrite(int index) => index == 0;

        public override void Run(KernelContext context) => AlexNetTF.Kernels.Lrn.Gradient(
            parameters,
            pixels,
            channels,
            (float*)context.InputPointer(0),
            (float*)context.InputPointer(1),
            (float*)context.InputPointer(2),
            (float*)context.OutputPointer(0),
            context.Threads);
    }
}
