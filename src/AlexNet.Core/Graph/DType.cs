namespace AlexNetTF;

/// <summary>Element types of tensors. The numbers are TensorFlow's <c>DataType</c> values.</summary>
public enum DType
{
    /// <summary>32-bit floating point.</summary>
    Float32 = 1,

    /// <summary>64-bit floating point.</summary>
    Float64 = 2,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 3,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 4,

    /// <summary>16-bit signed integer.</summary>
    Int16 = 5,

    /// <summary>8-bit signed integer.</summary>
    Int8 = 6,

    /// <summary>
    /// A string of any bytes, as names of files and serialised messages are. Constants, placeholders and results of summary and
    /// save ops hold strings; nothing computes with them. In a session a single string goes in and out as the vector of its
    /// bytes (an NDArray of uint8); see <see cref="StringValues"/>.
    /// </summary>
    String = 7,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 9,

    /// <summary>True or false, one byte each.</summary>
    Bool = 10,
}

/// <summary>Facts about element types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one element; of a string the reference to it.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.Float32 or DType.Int32 => 4,
        DType.Float64 or DType.Int64 or DType.String => 8,
        DType.Int16 => 2,
        DType.UInt8 or DType.Int8 or DType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type."),
    };

    /// <summary>TensorFlow's name of the type, such as <c>float32</c>.</summary>
    public static string Name(this DType type) => type switch
    {
        DType.Float32 => "float32",
        DType.Float64 => "float64",
        DType.Int32 => "int32",
        DType.UInt8 => "uint8",
        DType.Int16 => "int16",
        DType.Int8 => "int8",
        DType.String => "string",
        DType.Int64 => "int64",
        DType.Bool => "bool",
        _ => type.ToString(),
    };

    /// <summary>Whether the type is a floating-point type, the kind that gradients flow through.</summary>
    public static bool IsFloating(this DType type) => type is DType.Float32 or DType.Float64;

    /// <summary>Whether the type is an integer type.</summary>
    public static bool IsInteger(this DType type) =>
        type is DType.Int32 or DType.Int64 or DType.UInt8 or DType.Int16 or DType.Int8;

    /// <summary>The element type that holds values of <typeparamref name="T"/>.</summary>
    /// <exception cref="GraphException">No element type corresponds to <typeparamref name="T"/>.</exception>
    public static DType Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return DType.Float32;
        if (typeof(T) == typeof(double)) return DType.Float64;
        if (typeof(T) == typeof(int)) return DType.Int32;
        if (typeof(T) == typeof(long)) return DType.Int64;
        if (typeof(T) == typeof(bool)) return DType.Bool;
        if (typeof(T) == typeof(byte)) return DType.UInt8;
        if (typeof(T) == typeof(short)) return DType.Int16;
        if (typeof(T) == typeof(sbyte)) return DType.Int8;
        throw new GraphException($"{typeof(T).Name} is no tensor element type; use float, double, int, long, bool, byte, short or sbyte.");
    }
}
