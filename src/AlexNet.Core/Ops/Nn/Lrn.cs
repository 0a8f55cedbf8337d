using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// Local response normalisation over neighbouring channels (<c>tf.nn.lrn</c>):
    /// y_k = x_k·(bias + alpha·Σ x_j²)^−beta, the sum over all channels j with |j − k| ≤ depthRadius. As in TensorFlow
    /// alpha is not divided by the number of channels in the window, as Caffe does.
    /// </summary>
    /// <param name="input">x: pictures [batch, height, width, channels], float32 or float64.</param>
    /// <param name="depthRadius">Neighbours on each side.</param>
    /// <param name="bias">The offset in the base; positive, so that the base cannot be 0.</param>
    /// <param name="alpha">The factor of the sum of squares.</param>
    /// <param name="beta">The exponent.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The tensor is no float tensor of four dimensions, or depthRadius is negative.</exception>
    public static Tensor Lrn(Tensor input, int depthRadius = 5, float bias = 1, float alpha = 1, float beta = 0.5f, string? name = null) =>
        input.Graph.Add(new LrnOp(new LrnAttributes(depthRadius, bias, alpha, beta)), [input], name);
}

/// <summary>The attributes of LRN and its gradient.</summary>
internal sealed record LrnAttributes(int DepthRadius, float Bias, float Alpha, float Beta)
{
    /// <summary>Requires values with a meaning.</summary>
    /// <exception cref="GraphException">The radius is negative.</exception>
    public void Require(InferenceContext inputs)
    {
        if (DepthRadius < 0) throw inputs.Error($"the depth radius must not be negative; it is {DepthRadius}");
    }

    public LrnParameters Parameters => new(DepthRadius, Bias, Alpha, Beta);

    public void Describe(AttributeMap map, DType type)
    {
        map.Add("T", type);
        map.Add("alpha", Alpha);
        map.Add("beta", Beta);
        map.Add("bias", Bias);
        map.Add("depth_radius", (long)DepthRadius);
    }
}

internal sealed class LrnOp(LrnAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "LRN";

    public LrnAttributes Attributes => attributes;

    public override Gradient Gradient => Gradient.Of((op, dy) => [Nn.LrnGrad(dy[0], op.Inputs[0], op.Output, attributes)]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        attributes.Require(inputs);
        return [new(NumericKernel.RequireFloating(inputs), inputs.WithRank(0, 4))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new Fast(attributes.Parameters, spec.Input(0))
        : NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var loops = new LrnLoops<T>(attributes, spec.Input(0));
        return Kernel.Of(context => loops.Forward(context.Input<T>(0), context.Output<T>(0)));
    }

    private sealed unsafe class Fast(LrnParameters parameters, TensorInfo input) : Kernel
    {
        private readonly int channels = input.Dimensions[3];
        private readonly long pixels = input.Dims[..3].Aggregate(1L, (count, size) => count * size);

        public override bool MayOverwrite(int index) => true;

        public override void Run(KernelContext context) => AlexNetTF.Kernels.Lrn.Forward(
            parameters,
            pixels,
            channels,
            (float*)context.InputPointer(0),
            (float*)context.OutputPointer(0),
            context.Threads);
    }
}
