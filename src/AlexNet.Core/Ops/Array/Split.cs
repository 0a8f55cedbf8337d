namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Cuts a tensor into equal parts along a dimension (<c>tf.split</c> with a number).</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="parts">How many; the dimension's size must be a multiple of it.</param>
    /// <param name="axis">The dimension, negative from the end; 0 if null.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is no such dimension, or it cannot be divided so.</exception>
    public static IReadOnlyList<Tensor> Split(Tensor value, int parts, Operand? axis = null, string? name = null)
    {
        Graph graph = value.Graph;

        // TensorFlow 1.15 makes a tensor of the number before it looks at it, and leaves it in the graph.
        graph.Constant(TensorData.Scalar(parts));
        using NameScope scope = graph.NameScope(name ?? "split");
        Tensor dimension = (axis ?? 0).ToTensor(graph, DType.Int32, "split_dim");
        return graph.AddOperation(new SplitOp(parts), [dimension, value], scope.Name).Outputs;
    }
}

internal sealed class SplitOp(int parts) : OpDef
{
    public override string Type => "Split";

    public override Gradient Gradient => Gradient.Of((op, dy) => [null, ArrayOps.Concat(dy, op.Inputs[0])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[1].DType);
        attributes.Add("num_split", parts);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (parts < 1) throw inputs.Error($"the number of parts must be 1 or more; it is {parts}");
        Shape shape = inputs[1].Shape;
        long? given = inputs.Int32Scalar(0);
        if (shape is { HasRank: true, Rank: 0 }) throw inputs.Error("a scalar cannot be split");
        if (shape.HasRank && given is { } number)
        {
            int axis = inputs.Axis(number, shape.Rank);
            if (shape[axis] is { } size && size % parts != 0) throw inputs.Error($"dimension {axis} of shape {shape} must divide into {parts} equal parts; its size is {size}");
            shape = shape.With(axis, shape[axis] / parts);
        }
        else if (shape.HasRank)
        {
            shape = Shape.OfRank(shape.Rank);
        }

        return [.. Enumerable.Repeat(inputs[1] with { Shape = shape }, parts)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => SplitMoves.Kernel(spec, 1, ArrayRules.Axis(spec.Integers(0)[0], spec.Input(1).Rank));
}

/// <summary>What Split, SplitV and Unpack share.</summary>
internal static class SplitMoves
{
    /// <summary>Each output takes its part of every row along the axis; a row is the axis with all dimensions behind it.</summary>
    public static Kernel Kernel(KernelSpec spec, int input, int axis)
    {
        int[] dims = spec.Input(input).Dims;
        long rows = Shape.CountOf(dims.AsSpan(0, axis)), distance = Shape.CountOf(dims.AsSpan(axis)), start = 0;
        var moves = new List<Move>();
        for (int i = 0; i < spec.OutputCount; i++)
        {
            long length = rows == 0 ? 0 : spec.Output(i).Count / rows;
            moves.Add(Moves.Rows(spec, rows, length, (input, start, distance), (i, 0, length)));
            start += length;
        }

        return MoveKernel.Of(spec, moves);
    }
}
