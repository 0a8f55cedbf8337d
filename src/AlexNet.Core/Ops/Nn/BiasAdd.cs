using System.Numerics;
using System.Numerics.Tensors;

namespace AlexNetTF;

/// <summary>Ops of neural networks: convolution, pooling, normalisation, activations, losses.</summary>
public static partial class Nn
{
    /// <summary>Adds a bias to the last dimension: y[…, c] = x[…, c] + b[c] (<c>tf.nn.bias_add</c>).</summary>
    /// <param name="value">x: numbers, at least two dimensions.</param>
    /// <param name="bias">b: a vector with as many elements as the last dimension of <paramref name="value"/>.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor of the shape of <paramref name="value"/>.</returns>
    /// <exception cref="GraphException">Shapes or types do not fit.</exception>
    public static Tensor BiasAdd(Tensor value, Operand bias, string? name = null)
    {
        Graph graph = value.Graph;
        using NameScope scope = graph.NameScope(name ?? "BiasAdd");
        return graph.Add(new BiasAddOp(), [value, bias.ToTensor(graph, value.DType, "bias")], scope.Name);
    }
}

internal sealed class BiasAddOp(string dataFormat = "NHWC") : OpDef, INumericKernel
{
    public override string Type => "BiasAdd";

    public override Gradient Gradient => Gradient.Of((op, dy) => [dy[0], Nn.BiasAddGrad(dy[0])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("data_format", dataFormat);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        WindowRule.RequireNhwc(inputs, dataFormat);
        NumericKernel.RequireNumbers(inputs);
        DType type = inputs.SameType(0, 1);
        Shape value = inputs[0].Shape;
        int? length = inputs.WithRank(1, 1)[0];
        if (!value.HasRank) return [new(type, value)];
        if (value.Rank < 2) throw inputs.Error($"the value must have at least 2 dimensions; its shape is {value}");
        int last = value.Rank - 1;
        if (length is { } bias && value[last] is { } channels && bias != channels)
        {
            throw inputs.Error($"the bias must have as many elements as the value's last dimension, {channels}; it has {bias}");
        }

        return [new(type, value.With(last, value[last] ?? length))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => NumericKernel.Of(this, spec);

    public Kernel Create<T>(KernelSpec spec)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => new Rows<T>();

    private sealed class Rows<T> : Kernel
        where T : unmanaged, INumber<T>
    {
        public override bool MayOverwrite(int input) => input == 0;

        public override void Run(KernelContext context)
        {
            ReadOnlySpan<T> value = context.Input<T>(0);
            ReadOnlySpan<T> bias = context.Input<T>(1);
            Span<T> output = context.Output<T>(0);
            for (int at = 0; at < output.Length; at += bias.Length)
            {
                TensorPrimitives.Add(value.Slice(at, bias.Length), bias, output.Slice(at, bias.Length));
            }
        }
    }
}
