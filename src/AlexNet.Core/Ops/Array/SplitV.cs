namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Cuts a tensor into parts of given sizes along a dimension (<c>tf.split</c> with a list).</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="sizes">The parts' sizes, at most one of them −1: it takes what is left.</param>
    /// <param name="axis">The dimension, negative from the end; 0 if null.</param>
    /// <param name="count">How many parts, where the shape of <paramref name="sizes"/> does not tell.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The sizes do not add up to the dimension's, or their number is not known.</exception>
    public static IReadOnlyList<Tensor> SplitV(Tensor value, Operand sizes, Operand? axis = null, int? count = null, string? name = null)
    {
        Graph graph = value.Graph;
        Tensor list = sizes.ToTensor(graph, DType.Int32, "Const");
        int parts = count ?? (list.Shape is { HasRank: true, Rank: 1 } shape && shape[0] is { } known
            ? known
            : throw new GraphException($"The number of parts does not follow from the sizes' shape {list.Shape}; give it as 'count', or as a number to Split."));
        using NameScope scope = graph.NameScope(name ?? "split");
        Tensor dimension = (axis ?? 0).ToTensor(graph, DType.Int32, "split_dim");
        return graph.AddOperation(new SplitVOp(parts), [value, list, dimension], scope.Name).Outputs;
    }
}

internal sealed class SplitVOp(int parts) : OpDef
{
    public override string Type => "SplitV";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.Concat(dy, op.Inputs[2]), null, null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tlen", op.Inputs[1].DType);
        attributes.Add("num_split", parts);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (parts < 1) throw inputs.Error($"the number of parts must be 1 or more; it is {parts}");
        inputs.IndexType(1);
        Shape shape = inputs[0].Shape, list = inputs.WithRank(1, 1);
        long? given = inputs.Int32Scalar(2);
        if (list[0] is { } count && count != parts) throw inputs.Error($"there must be one size per part; there are {count} sizes for {parts} parts");
        if (shape is { HasRank: true, Rank: 0 }) throw inputs.Error("a scalar cannot be split");
        if (!shape.HasRank) return [.. Enumerable.Repeat(inputs[0], parts)];
        if (given is not { } number) return [.. Enumerable.Repeat(inputs[0] with { Shape = Shape.OfRank(shape.Rank) }, parts)];
        int axis = inputs.Axis(number, shape.Rank);
        int?[] sizes = inputs.Integers(1) is { } known ? Complete(inputs, known, shape[axis]) : new int?[parts];
        return [.. sizes.Select(size => inputs[0] with { Shape = shape.With(axis, size) })];
    }

    public override Kernel CreateKernel(KernelSpec spec) => SplitMoves.Kernel(spec, 0, ArrayRules.Axis(spec.Integers(2)[0], spec.Input(0).Rank));

    private static int?[] Complete(InferenceContext inputs, long[] sizes, int? whole)
    {
        string text = string.Join(",", sizes);
        if (Array.Exists(sizes, size => size < -1)) throw inputs.Error($"the parts' sizes must be 0 or more, or -1 for the one to be inferred; they are [{text}]");
        int open = Array.IndexOf(sizes, -1);
        if (open >= 0 && Array.LastIndexOf(sizes, -1) != open) throw inputs.Error($"only one part's size can be inferred; they are [{text}]");
        long sum = sizes.Sum() + (open >= 0 ? 1 : 0);
        if (whole is { } size)
        {
            if (open >= 0 ? sum > size : sum != size) throw inputs.Error($"the parts' sizes [{text}] must add up to the dimension's size {size}");
            if (open >= 0) sizes[open] = size - sum;
        }

        return Array.ConvertAll(sizes, each => each < 0 ? (int?)null : checked((int)each));
    }
}
