using System.Numerics;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>Facts about TensorFlow's element types, the ones included that no op of this library computes with.</summary>
internal static class DataTypes
{
    private const int ReferenceOffset = 100;

    /// <summary>Bytes of one stored element; 0 for types of no fixed size (strings, resources) and unknown ones.</summary>
    public static int Size(DataType type) => type switch
    {
        DataType.DtUint8 or DataType.DtInt8 or DataType.DtBool or DataType.DtQint8 or DataType.DtQuint8 => 1,
        DataType.DtInt16 or DataType.DtUint16 or DataType.DtQint16 or DataType.DtQuint16 or DataType.DtHalf or DataType.DtBfloat16 => 2,
        DataType.DtFloat or DataType.DtInt32 or DataType.DtUint32 or DataType.DtQint32 => 4,
        DataType.DtDouble or DataType.DtInt64 or DataType.DtUint64 or DataType.DtComplex64 => 8,
        DataType.DtComplex128 => 16,
        _ => 0,
    };

    /// <summary>The element type of this library's tensors; null where there is none.</summary>
    public static DType? ToDType(DataType type) => Enum.IsDefined((DType)(int)type) ? (DType)(int)type : null;

    /// <summary>The name that TensorFlow's Python prints: <c>float32</c>, <c>float32_ref</c>.</summary>
    public static string Name(DataType type) => type switch
    {
        DataType.DtInvalid => "invalid",
        DataType.DtFloat => "float32",
        DataType.DtDouble => "float64",
        DataType.DtInt32 => "int32",
        DataType.DtUint8 => "uint8",
        DataType.DtInt16 => "int16",
        DataType.DtInt8 => "int8",
        DataType.DtString => "string",
        DataType.DtComplex64 => "complex64",
        DataType.DtInt64 => "int64",
        DataType.DtBool => "bool",
        DataType.DtQint8 => "qint8",
        DataType.DtQuint8 => "quint8",
        DataType.DtQint32 => "qint32",
        DataType.DtBfloat16 => "bfloat16",
        DataType.DtQint16 => "qint16",
        DataType.DtQuint16 => "quint16",
        DataType.DtUint16 => "uint16",
        DataType.DtComplex128 => "complex128",
        DataType.DtHalf => "float16",
        DataType.DtResource => "resource",
        DataType.DtVariant => "variant",
        DataType.DtUint32 => "uint32",
        DataType.DtUint64 => "uint64",
        _ => (int)type > ReferenceOffset && (int)type < 2 * ReferenceOffset
            ? Name(type - ReferenceOffset) + "_ref"
            : $"type {(int)type}",
    };

    /// <summary>
    /// Whether values of the type are stored in memory as <typeparamref name="T"/> is. Quantised types are their raw
    /// integers, bfloat16 its 16 bits.
    /// </summary>
    public static bool IsStoredAs<T>(DataType type)
        where T : unmanaged => type switch
    {
        DataType.DtFloat => typeof(T) == typeof(float),
        DataType.DtDouble => typeof(T) == typeof(double),
        DataType.DtInt32 or DataType.DtQint32 => typeof(T) == typeof(int),
        DataType.DtUint8 or DataType.DtQuint8 => typeof(T) == typeof(byte),
        DataType.DtInt16 or DataType.DtQint16 => typeof(T) == typeof(short),
        DataType.DtInt8 or DataType.DtQint8 => typeof(T) == typeof(sbyte),
        DataType.DtInt64 => typeof(T) == typeof(long),
        DataType.DtBool => typeof(T) == typeof(bool),
        DataType.DtHalf => typeof(T) == typeof(Half),
        DataType.DtUint16 or DataType.DtQuint16 or DataType.DtBfloat16 => typeof(T) == typeof(ushort),
        DataType.DtUint32 => typeof(T) == typeof(uint),
        DataType.DtUint64 => typeof(T) == typeof(ulong),
        DataType.DtComplex128 => typeof(T) == typeof(Complex),
        _ => false,
    };

    /// <summary>The element type that values of <typeparamref name="T"/> are written as; invalid where there is none.</summary>
    public static DataType Of<T>()
        where T : unmanaged
    {
        ReadOnlySpan<DataType> plain =
        [
            DataType.DtFloat, DataType.DtDouble, DataType.DtInt32, DataType.DtInt64, DataType.DtBool, DataType.DtUint8,
            DataType.DtInt8, DataType.DtInt16, DataType.DtUint16, DataType.DtUint32, DataType.DtUint64, DataType.DtHalf,
            DataType.DtComplex128,
        ];
        foreach (DataType type in plain)
        {
            if (IsStoredAs<T>(type)) return type;
        }

        return DataType.DtInvalid;
    }
}
