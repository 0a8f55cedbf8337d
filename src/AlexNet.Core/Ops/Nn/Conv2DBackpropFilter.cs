using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The gradient of a convolution's filter (<c>tf.nn.conv2d_backprop_filter</c>):
    /// dw[u] = Σ x[s·i + d·u − p]·dy[i] over all pictures and cells i.
    /// </summary>
    /// <param name="input">x: the pictures.</param>
    /// <param name="filterSizes">The four sizes of the filter.</param>
    /// <param name="gradient">dy: the gradient of the convolution's result.</param>
    /// <param name="attributes">Those of the convolution.</param>
    /// <param name="name">The node's name.</param>
    internal static Tensor Conv2DBackpropFilter(Tensor input, Tensor filterSizes, Tensor gradient, ConvAttributes attributes, string? name = null) =>
        input.Graph.Add(new Conv2DBackpropFilterOp(attributes), [input, filterSizes, gradient], name);
}

internal sealed class Conv2DBackpropFilterOp(ConvAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "Conv2DBackpropFilter";

    public ConvAttributes Attributes => attributes;

    // Linear in x and dy.
    public override Gradient Gradient => Gradient.Of((op, dy) =>
    [
        Nn.Conv2DBackpropInput(ArrayOps.Shape(op.Inputs[0]), dy[0], op.Inputs[2], attributes),
        null,
        Nn.Conv2D(op.Inputs[0], dy[0], attributes),
    ]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs);
        if (inputs[2].Type != type) throw inputs.Error($"pictures and gradient must have one element type; they have {type.Name()} and {inputs[2].Type.Name()}");
        inputs.RequireInt32(1);
        Shape filter = inputs.ValueAsShape(1);
        if (!filter.HasRank) filter = Shape.OfRank(4);
        if (filter.Rank != 4) throw inputs.Error($"the filter's sizes must be 4 numbers; they are {filter.Rank}");
        Shape output = attributes.OutputShape(inputs, inputs.WithRank(0, 4), filter);
        if (!output.IsCompatibleWith(inputs.WithRank(2, 4)))
        {
            throw inputs.Error($"the gradient must have the shape of the convolution's result, {output}; its shape is {inputs[2].Shape}");
        }

        return [new(type, filter)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new FilterGradientKernel(attributes.ShapeFor(spec.Input(0), spec.Output(0)), spec.Options)
        : NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        ConvShape shape = attributes.ShapeFor(spec.Input(0), spec.Output(0));
        return Kernel.Of(context => ConvLoops.FilterGradient(shape, context.Input<T>(0), context.Input<T>(2), context.Output<T>(0)));
    }
}
