using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// The gradient of a convolution's pictures (<c>tf.nn.conv2d_backprop_input</c>):
    /// dx[h] = Σ dy[i]·w[u] over all h = s·i + d·u − p.
    /// </summary>
    /// <param name="inputSizes">The four sizes of the pictures.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="gradient">dy: the gradient of the convolution's result.</param>
    /// <param name="attributes">Those of the convolution.</param>
    /// <param name="name">The node's name.</param>
    internal static Tensor Conv2DBackpropInput(Tensor inputSizes, Tensor filter, Tensor gradient, ConvAttributes attributes, string? name = null) =>
        filter.Graph.Add(new Conv2DBackpropInputOp(attributes), [inputSizes, filter, gradient], name);
}

internal sealed class Conv2DBackpropInputOp(ConvAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "Conv2DBackpropInput";

    public ConvAttributes Attributes => attributes;

    // Linear in filter and dy, and the transpose of the convolution.
    public override Gradient Gradient => Gradient.Of((op, dy) =>
    [
        null,
        Nn.Conv2DBackpropFilter(dy[0], ArrayOps.Shape(op.Inputs[1]), op.Inputs[2], attributes),
        Nn.Conv2D(dy[0], op.Inputs[1], attributes),
    ]);

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs, 1);
        inputs.SameType(1, 2);
        inputs.RequireInt32(0);
        Shape picture = inputs.ValueAsShape(0);
        if (!picture.HasRank) picture = Shape.OfRank(4);
        if (picture.Rank != 4) throw inputs.Error($"the pictures' sizes must be 4 numbers; they are {picture.Rank}");
        Shape output = attributes.OutputShape(inputs, picture, inputs.WithRank(1, 4));
        if (!output.IsCompatibleWith(inputs.WithRank(2, 4)))
        {
            throw inputs.Error($"the gradient must have the shape of the convolution's result, {output}; its shape is {inputs[2].Shape}");
        }

        return [new(type, picture.With(0, picture[0] ?? inputs.WithRank(2, 4)[0]))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(1).Type == DType.Float32
        ? new InputGradientKernel(attributes.ShapeFor(spec.Output(0), spec.Input(1)), spec.Options)
        : NumericKernel.OfFloating(this, spec, 1);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        ConvShape shape = attributes.ShapeFor(spec.Output(0), spec.Input(1));
        return Kernel.Of(context => ConvLoops.InputGradient(shape, context.Input<T>(1), context.Input<T>(2), context.Output<T>(0)));
    }
}
