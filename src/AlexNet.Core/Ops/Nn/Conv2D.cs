using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// Cross-correlation of pictures with filters (<c>tf.nn.conv2d</c>): with stride s, dilation d and padding p,
    /// y[n, i, j, o] = Σ x[n, s·i + d·u − p, s·j + d·v − p, c]·w[u, v, c, o], x being 0 outside the picture.
    /// </summary>
    /// <param name="input">x: [batch, height, width, channels], float32 or float64.</param>
    /// <param name="filter">w: [rows, columns, channels, filters]. With fewer channels than the pictures have, these fall into groups: the first filters see the first channels, and so on.</param>
    /// <param name="strides">The steps, [1, rows, columns, 1].</param>
    /// <param name="padding">What stands outside the picture.</param>
    /// <param name="dilations">Distances of neighbouring filter cells, [1, rows, columns, 1]; all 1 if null.</param>
    /// <param name="dataFormat">NHWC; TensorFlow's other format, NCHW, is refused.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>[batch, height', width', filters] by the padding's rule.</returns>
    /// <exception cref="GraphException">Shapes, types or attributes do not fit.</exception>
    public static Tensor Conv2D(Tensor input, Operand filter, int[] strides, Padding padding, int[]? dilations = null, string dataFormat = "NHWC", string? name = null) =>
        Conv2D(input, filter, new ConvAttributes(strides, padding, dilations, dataFormat), name);

    /// <inheritdoc cref="Conv2D(Tensor, Operand, int[], Padding, int[], string, string)"/>
    /// <param name="input">x: [batch, height, width, channels], float32 or float64.</param>
    /// <param name="filter">w: [rows, columns, channels, filters].</param>
    /// <param name="strides">The steps, [1, rows, columns, 1].</param>
    /// <param name="explicitPaddings">Zeros before and after each dimension: [0, 0, top, bottom, left, right, 0, 0].</param>
    /// <param name="dilations">Distances of neighbouring filter cells, [1, rows, columns, 1]; all 1 if null.</param>
    /// <param name="dataFormat">NHWC; TensorFlow's other format, NCHW, is refused.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Conv2D(Tensor input, Operand filter, int[] strides, int[] explicitPaddings, int[]? dilations = null, string dataFormat = "NHWC", string? name = null) =>
        Conv2D(input, filter, new ConvAttributes(strides, WindowPadding.Explicit(explicitPaddings), dilations, dataFormat), name);

    internal static Tensor Conv2D(Tensor input, Operand filter, ConvAttributes attributes, string? name = null)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Conv2D");
        return graph.Add(new Conv2DOp(attributes), [input, filter.ToTensor(graph, input.DType, "filter")], scope.Name);
    }
}

internal sealed class Conv2DOp(ConvAttributes attributes) : OpDef, IFloatingKernel
{
    public override string Type => "Conv2D";

    public ConvAttributes Attributes => attributes;

    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        IReadOnlyList<Tensor> shapes = ArrayOps.ShapeN([op.Inputs[0], op.Inputs[1]]);
        return
        [
            Nn.Conv2DBackpropInput(shapes[0], op.Inputs[1], dy[0], attributes),
            Nn.Conv2DBackpropFilter(op.Inputs[0], shapes[1], dy[0], attributes),
        ];
    });

    public override void DescribeAttributes(AttributeMap map, Operation op) => attributes.Describe(map, op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = NumericKernel.RequireFloating(inputs);
        inputs.SameType(0, 1);
        return [new(type, attributes.OutputShape(inputs, inputs.WithRank(0, 4), inputs.WithRank(1, 4)))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Float32
        ? new ConvolutionKernel(attributes.ShapeFor(spec.Input(0), spec.Input(1)), spec.Options)
        : NumericKernel.OfFloating(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        ConvShape shape = attributes.ShapeFor(spec.Input(0), spec.Input(1));
        return Kernel.Of(context => ConvLoops.Forward(shape, context.Input<T>(0), context.Input<T>(1), context.Output<T>(0)));
    }
}
