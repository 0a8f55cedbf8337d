namespace AlexNetTF;

/// <summary>The element types that TensorFlow's arithmetic ops are defined for.</summary>
internal static class NumberTypes
{
    /// <summary>All numbers.</summary>
    public static readonly DType[] All = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.UInt8, DType.Int16, DType.Int8];

    /// <summary>Numbers without the small integers.</summary>
    public static readonly DType[] Wide = [DType.Float32, DType.Float64, DType.Int32, DType.Int64];

    /// <summary>Floating-point numbers.</summary>
    public static readonly DType[] Floating = [DType.Float32, DType.Float64];

    /// <summary>Integers.</summary>
    public static readonly DType[] Integer = [DType.Int32, DType.Int64, DType.UInt8, DType.Int16, DType.Int8];

    /// <summary>Numbers and truth values.</summary>
    public static readonly DType[] AllAndBool = [.. All, DType.Bool];

    /// <summary>Requires that an input has one of these types, and gives it.</summary>
    /// <exception cref="GraphException">It has another.</exception>
    public static DType Require(this InferenceContext inputs, int input, DType[] types)
    {
        DType type = inputs[input].Type;
        return types.Contains(type)
            ? type
            : throw inputs.Error($"input {input} has element type {type.Name()}; the op takes {string.Join(", ", types.Select(each => each.Name()))}. Convert it with MathOps.Cast");
    }
}
