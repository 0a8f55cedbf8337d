namespace AlexNetTF;

/// <summary>What ConcatV2 and the older Concat share.</summary>
internal static class ConcatRule
{
    // Above this many inputs the gradient is one SplitV instead of a Slice per input, as in TensorFlow.
    private const int MostSlices = 16;

    public static TensorSpec Infer(InferenceContext inputs, int first, int end, int axisInput)
    {
        DType type = inputs.SameType(first, end - 1);
        long? given = inputs.Scalar(axisInput);
        Shape joined = Shape.Unknown;
        for (int i = first; i < end; i++)
        {
            if (inputs[i].Shape is { HasRank: true, Rank: 0 }) throw inputs.Error("scalars have no dimension to join; use ArrayOps.Stack");
            if (inputs[i].Shape.HasRank && !joined.HasRank) joined = Shape.OfRank(inputs[i].Shape.Rank);
        }

        if (!joined.HasRank || given is not { } number)
        {
            for (int i = first; joined.HasRank && i < end; i++) inputs.WithRank(i, joined.Rank);
            return new(type, joined);
        }

        int axis = inputs.Axis(number, joined.Rank);
        long? size = 0;
        for (int i = first; i < end; i++)
        {
            Shape shape = inputs.WithRank(i, joined.Rank);
            size += shape[axis];
            joined = joined.MergeWith(shape.With(axis, null))
                ?? throw inputs.Error($"all dimensions but {axis} must be equal; input {i} has shape {shape}, the ones before it {joined}");
        }

        if (size > int.MaxValue) throw inputs.Error($"dimension {axis} would have {size} elements");
        return new(type, joined.With(axis, (int?)size));
    }

    /// <summary>Lists of sizes, one after the other.</summary>
    public static Shape? InferValue(InferenceContext inputs, int first, int end)
    {
        Shape joined = Shape.Scalar;
        for (int i = first; i < end; i++)
        {
            if (inputs[i].Shape is not { HasRank: true, Rank: 1 }) return null;
            joined = joined.Concat(inputs.Sizes(i));
        }

        return joined;
    }

    /// <summary>Every row of the result is a part from each input; a row is the axis with all dimensions behind it.</summary>
    public static Kernel Kernel(KernelSpec spec, int first, int end, int axisInput)
    {
        int[] dims = spec.Output(0).Dims;
        int axis = ArrayRules.Axis(spec.Integers(axisInput)[0], dims.Length);
        long rows = Shape.CountOf(dims.AsSpan(0, axis)), distance = Shape.CountOf(dims.AsSpan(axis)), start = 0;
        var moves = new List<Move>();
        for (int i = first; i < end; i++)
        {
            long length = rows == 0 ? 0 : spec.Input(i).Count / rows;
            moves.Add(Moves.Rows(spec, rows, length, (i, 0, length), (0, start, distance)));
            start += length;
        }

        return MoveKernel.Of(spec, moves);
    }

    /// <summary>The part of the gradient that belongs to each input.</summary>
    public static IReadOnlyList<Tensor?> Gradients(Tensor axis, IReadOnlyList<Tensor> values, Tensor dy)
    {
        if (values.Count == 1) return [dy];
        Tensor positive = axis % ArrayOps.Rank(values[0]);
        IReadOnlyList<Tensor> sizes = Sizes(values);
        if (sizes.Count > MostSlices)
        {
            Tensor along = ArrayOps.Squeeze(ArrayOps.Slice(ArrayOps.Stack(sizes, axis: 1), [positive, 0], [1, -1]));
            return ArrayOps.SplitV(dy, along, positive, values.Count);
        }

        IReadOnlyList<Tensor> offsets = ArrayOps.ConcatOffset(positive, sizes);
        return [.. offsets.Zip(sizes, (begin, size) => ArrayOps.Slice(dy, begin, size))];
    }

    // Consts as long as shapes are known; the first that is not makes TensorFlow ask again, for all at once.
    private static IReadOnlyList<Tensor> Sizes(IReadOnlyList<Tensor> values)
    {
        var sizes = new List<Tensor>();
        foreach (Tensor value in values)
        {
            sizes.Add(ArrayOps.Shape(value));
            if (sizes[^1].Op.Type != "Const") return ArrayOps.ShapeN(values);
        }

        return sizes;
    }
}
