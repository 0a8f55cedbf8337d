namespace AlexNetTF;

/// <summary>What a padded border holds.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The elements mirrored at the outermost one, which is not repeated.</summary>
    Reflect,

    /// <summary>The elements mirrored at the border: the outermost one is repeated.</summary>
    Symmetric,
}

public static partial class ArrayOps
{
    /// <summary>A tensor with a border (<c>tf.pad</c>): op Pad for zeros, PadV2 for another value, MirrorPad for the mirrors.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="paddings">Per dimension how many elements come before and after: <c>[[0, 0], [1, 2]]</c>.</param>
    /// <param name="mode">What the border holds.</param>
    /// <param name="constantValues">The value of <see cref="PadMode.Constant"/>; 0 if null.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The paddings are negative or do not have one row per dimension.</exception>
    public static Tensor Pad(Tensor tensor, Operand paddings, PadMode mode = PadMode.Constant, Operand? constantValues = null, string? name = null)
    {
        Graph graph = tensor.Graph;
        OpDef def = mode != PadMode.Constant ? new MirrorPadOp(mode) : constantValues is null ? new PadOp() : new PadV2Op();
        using NameScope scope = graph.NameScope(name ?? def.Type);
        Tensor sizes = paddings.ToTensor(graph, DType.Int32, "paddings");
        return def is PadV2Op
            ? graph.Add(def, [tensor, sizes, constantValues!.Value.ToTensor(graph, tensor.DType, "constant_values")], scope.Name)
            : graph.Add(def, [tensor, sizes], scope.Name);
    }
}

internal sealed class PadOp : OpDef
{
    public override string Type => "Pad";

    public override Gradient Gradient => Gradient.Of((op, dy) => [PadRule.Gradient(op, dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => PadRule.Describe(attributes, op);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0] with { Shape = PadRule.Infer(inputs) }];

    public override Kernel CreateKernel(KernelSpec spec) => PadRule.Kernel(spec, -1, Splat.Of(spec.Output(0).Type, [], 0));
}

/// <summary>What Pad and PadV2 share.</summary>
internal static class PadRule
{
    public static void Describe(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tpaddings", op.Inputs[1].DType);
    }

    /// <summary>Every size grows by its row of the paddings (a matrix of as many rows as dimensions, and two columns).</summary>
    public static Shape Infer(InferenceContext inputs, int sign = 1)
    {
        inputs.IndexType(1);
        Shape paddings = inputs.WithRank(1, 2), input = inputs[0].Shape;
        if (paddings[1] is { } columns and not 2) throw inputs.Error($"the paddings must have two columns, before and after; their shape is {paddings}");
        if (paddings[0] is { } rows) input = inputs.WithRank(0, rows);
        if (!input.HasRank) return Shape.Unknown;
        if (inputs.Integers(1) is not { } values) return Shape.OfRank(input.Rank);
        if (values.Length != 2 * input.Rank) throw inputs.Error($"the paddings must have one row per dimension; their shape is {paddings}, the tensor's {input}");
        if (Array.Exists(values, value => value < 0)) throw inputs.Error($"the paddings must be 0 or more; they are [{string.Join(",", values)}]");
        return new Shape([.. input.Select((size, i) => Padded(inputs, size, sign * (values[2 * i] + values[(2 * i) + 1])))]);
    }

    /// <summary>The border slab by slab, each dimension between those of the dimensions before it, then the inside.</summary>
    public static Kernel Kernel(KernelSpec spec, int valueInput, TensorData? value)
    {
        long[] paddings = spec.Integers(1);
        int[] input = spec.Input(0).Dims, output = spec.Output(0).Dims;
        var begin = new int[input.Length];
        var dims = (int[])output.Clone();
        var moves = new List<Move>();
        for (int i = 0; i < input.Length; i++)
        {
            int before = (int)paddings[2 * i];
            dims[i] = before;
            moves.Add(Moves.Fill(spec, valueInput, value, begin, dims));
            (begin[i], dims[i]) = (before + input[i], output[i] - before - input[i]);
            moves.Add(Moves.Fill(spec, valueInput, value, begin, dims));
            (begin[i], dims[i]) = (before, input[i]);
        }

        moves.Add(Moves.Paste(spec, 0, begin, input));
        return MoveKernel.Of(spec, moves);
    }

    /// <summary>Cuts the border off again: Slice from the first column of the paddings, of the input's sizes.</summary>
    public static Tensor Gradient(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0];
        Tensor before = ArrayOps.Slice(op.Inputs[1], [0, 0], ArrayOps.Stack([ArrayOps.Rank(x), 1]));
        Tensor begin = ArrayOps.Reshape(before, [-1]);
        return ArrayOps.Slice(dy, begin, ArrayOps.Shape(x));
    }

    private static int? Padded(InferenceContext inputs, int? size, long padding)
    {
        if (size is not { } known) return null;
        long padded = known + padding;
        return padded is >= 0 and <= int.MaxValue ? (int)padded : throw inputs.Error($"a dimension of {known} with paddings {padding} has no valid size");
    }
}
