namespace AlexNetTF;

/// <summary>What the shape rules of array ops share.</summary>
internal static class ArrayRules
{
    /// <summary>An axis counted from the start; a negative one counts from the end.</summary>
    /// <param name="inputs">The op's inputs, for the message.</param>
    /// <param name="axis">The axis as given.</param>
    /// <param name="rank">The number of dimensions that it chooses from.</param>
    /// <exception cref="GraphException">There is no such dimension.</exception>
    public static int Axis(this InferenceContext inputs, long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw inputs.Error($"the axis must lie in [{-rank}, {rank - 1}]; it is {axis}");

    /// <summary>An axis counted from the start, once the shape rule has accepted it.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    /// <summary>Requires an input of type int32 or int64, and gives it.</summary>
    /// <exception cref="GraphException">It has another type.</exception>
    public static DType IndexType(this InferenceContext inputs, int input) => inputs[input].Type is DType.Int32 or DType.Int64
        ? inputs[input].Type
        : throw inputs.Error($"input {input} must be int32 or int64, not {inputs[input].Type.Name()}. Convert it with MathOps.Cast");

    /// <summary>The single value of an int32 input, or null where it is not known yet; for what TensorFlow declares as int32 alone.</summary>
    /// <exception cref="GraphException">The input is of another type or not a single value.</exception>
    public static long? Int32Scalar(this InferenceContext inputs, int input)
    {
        inputs.RequireInt32(input);
        return inputs.Scalar(input);
    }

    /// <summary>Requires an input of type int32.</summary>
    /// <exception cref="GraphException">It has another type.</exception>
    public static void RequireInt32(this InferenceContext inputs, int input)
    {
        if (inputs[input].Type != DType.Int32) throw inputs.Error($"input {input} must be int32, not {inputs[input].Type.Name()}. Convert it with MathOps.Cast");
    }

    /// <summary>Requires that the type in which an op gives sizes is int32 or int64, and gives it.</summary>
    /// <exception cref="GraphException">It is another type.</exception>
    public static DType SizeType(this InferenceContext inputs, DType type) => type is DType.Int32 or DType.Int64
        ? type
        : throw inputs.Error($"sizes are given as int32 or int64, not as {type.Name()}");

    /// <summary>The single value of an integer input, or null where it is not known yet.</summary>
    /// <exception cref="GraphException">The input is not a single value.</exception>
    public static long? Scalar(this InferenceContext inputs, int input)
    {
        inputs.IndexType(input);
        RequireScalar(inputs, input);
        return inputs.Integers(input)?[0];
    }

    /// <summary>Requires that an input is a single value.</summary>
    /// <exception cref="GraphException">It has dimensions.</exception>
    public static void RequireScalar(this InferenceContext inputs, int input)
    {
        Shape shape = inputs[input].Shape;
        if (shape.HasRank && shape.Rank != 0) throw inputs.Error($"input {input} must be a scalar; its shape is {shape}");
    }

    /// <summary>The sizes that an input names for an output, as far as they are known.</summary>
    /// <exception cref="GraphException">A size is negative.</exception>
    public static Shape OutputSizes(this InferenceContext inputs, int input)
    {
        inputs.IndexType(input);
        if (inputs.Integers(input) is { } sizes)
        {
            foreach (long size in sizes)
            {
                if (size is < -1 or > int.MaxValue || (size == -1 && !inputs.IsBuilding)) throw inputs.Error($"sizes must be 0 or more and below 2^31; input {input} is [{string.Join(",", sizes)}]");
            }
        }

        return inputs.ValueAsShape(input);
    }

    /// <summary>The shape without one dimension.</summary>
    public static Shape Without(this Shape shape, int axis) => shape.Slice(0, axis).Concat(shape.Slice(axis + 1, shape.Rank - axis - 1));

    /// <summary>The shape with one dimension more.</summary>
    public static Shape Insert(this Shape shape, int axis, int? size) =>
        shape.Slice(0, axis).Concat(new Shape(size)).Concat(shape.Slice(axis, shape.Rank - axis));
}
