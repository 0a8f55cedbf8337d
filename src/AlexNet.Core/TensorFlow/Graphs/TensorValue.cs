using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>The values of a TensorProto in memory: numbers as little-endian bytes in row-major order, or strings.</summary>
internal sealed class TensorValue
{
    private TensorValue(DataType type, long[] shape, ReadOnlyMemory<byte> bytes, byte[][] strings)
    {
        Type = type;
        Shape = shape;
        Bytes = bytes;
        Strings = strings;
    }

    public DataType Type { get; }

    public long[] Shape { get; }

    /// <summary>The numbers, which may be a part of the file's bytes; empty for strings.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The strings; empty for numbers.</summary>
    public byte[][] Strings { get; }

    public long Count => Shapes.Count(Shape);

    public static TensorValue Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged => new(DataTypes.Of<T>(), shape.ToArray(), MemoryMarshal.AsBytes(values).ToArray(), []);

    public static TensorValue OfBytes(DataType type, ReadOnlyMemory<byte> bytes, params ReadOnlySpan<long> shape) => new(type, shape.ToArray(), bytes, []);

    public static TensorValue OfStrings(byte[][] strings, params ReadOnlySpan<long> shape) => new(DataType.DtString, shape.ToArray(), default, strings);

    /// <summary>The values as the type that they are stored as.</summary>
    /// <exception cref="InvalidOperationException">They are stored as another type.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => DataTypes.IsStoredAs<T>(Type)
        ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
        : throw new InvalidOperationException($"The tensor holds {DataTypes.Name(Type)}, not {typeof(T).Name}.");
}
