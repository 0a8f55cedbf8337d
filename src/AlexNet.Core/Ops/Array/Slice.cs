namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A box cut out of a tensor (<c>tf.slice</c>).</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="begin">Where the box begins, per dimension.</param>
    /// <param name="size">The box's sizes; −1 goes to the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is not one number per dimension. A box that leaves the tensor fails in the run.</exception>
    public static Tensor Slice(Tensor input, Operand begin, Operand size, string? name = null)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "Slice");
        Tensor first = begin.ToTensor(graph, size.Tensor?.DType ?? DType.Int32, "begin");
        return graph.Add(new SliceOp(), [input, first, size.ToTensor(graph, first.DType, "size")], scope.Name);
    }
}

internal sealed class SliceOp : OpDef
{
    public override string Type => "Slice";

    public override Gradient Gradient => Gradient.Of((op, dy) => [PadBack(op, dy[0]), null, null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Index", op.Inputs[1].DType);
        attributes.Add("T", op.Inputs[0].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        inputs.SameType(1, 2);
        Shape shape = inputs[0].Shape, lengths = inputs.WithRank(1, 1).MergeWith(inputs.WithRank(2, 1))
            ?? throw inputs.Error($"begin and size must have as many numbers; their shapes are {inputs[1].Shape} and {inputs[2].Shape}");
        if (lengths[0] is { } rank) shape = inputs.WithRank(0, rank);
        if (!shape.HasRank) return [inputs[0]];
        Shape begin = inputs.Sizes(1);
        int?[] sizes = inputs.Integers(2) is { } known
            ? [.. known.Select((size, i) => Size(inputs, size, begin.HasRank ? begin[i] : null, shape[i]))]
            : [.. inputs.Sizes(2) is { HasRank: true } partial ? partial : Shape.OfRank(shape.Rank)];
        return [inputs[0] with { Shape = new Shape(sizes) }];
    }

    public override Shape? InferValue(InferenceContext inputs)
    {
        if (inputs[0].Shape is not { HasRank: true, Rank: 1 } || inputs.Sizes(0) is not { HasRank: true } values) return null;
        if (inputs.Integers(1) is not [var begin] || inputs.Integers(2) is not [var size] || begin < 0 || begin > values.Rank) return null;
        long count = size < 0 ? values.Rank - begin : size;
        return begin + count <= values.Rank ? values.Slice((int)begin, (int)count) : null;
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] input = spec.Input(0).Dims, output = spec.Output(0).Dims;
        long[] begin = spec.Integers(1);
        for (int i = 0; i < input.Length; i++)
        {
            if (begin[i] < 0 || begin[i] + output[i] > input[i])
            {
                throw spec.Error($"the box must lie in the tensor: dimension {i} has {input[i]} elements, the box begins at {begin[i]} and has {output[i]}");
            }
        }

        return MoveKernel.Of(spec, Moves.Cut(spec, 0, Array.ConvertAll(begin, place => (int)place), output));
    }

    private static int? Size(InferenceContext inputs, long size, int? begin, int? whole)
    {
        if (size is < -1 or > int.MaxValue) throw inputs.Error($"a size must be 0 or more, or -1 for the rest; it is {size}");
        if (size >= 0) return (int)size;
        int? rest = whole - begin;
        return rest < 0 ? throw inputs.Error($"the box begins at {begin} in a dimension of {whole}") : rest;
    }

    // What lies outside the box gets zeros: Pad with [begin, shape - size - begin].
    private static Tensor PadBack(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0], begin = op.Inputs[1];
        Tensor rank = ArrayOps.Rank(x);
        Tensor size = ArrayOps.Shape(op.Output);
        Tensor column = ArrayOps.Stack([rank, 1]);
        Tensor before = ArrayOps.Reshape(begin, column);
        Tensor rest = ArrayOps.Shape(x) - size - begin;
        Tensor after = ArrayOps.Reshape(rest, column);
        return ArrayOps.Pad(dy, ArrayOps.Concat([before, after], 1));
    }
}
