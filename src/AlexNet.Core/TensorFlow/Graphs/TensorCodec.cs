using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// TensorProto to values and back. The values stand in <c>tensor_content</c> or in the list for their type; a list that
/// is too short repeats its last value, an empty one stands for zeros, one that is too long is cut.
/// </summary>
internal static class TensorCodec
{
    // A proto of a few bytes can stand for any number of equal values. The article's largest tensor has 151 MB.
    private const long MaxFilledBytes = 1 << 29;
    private const long MaxFilledStrings = 1 << 20;

    /// <summary>The values of a proto.</summary>
    /// <param name="tensor">The proto.</param>
    /// <param name="path">The file, for errors.</param>
    /// <param name="where">What holds the tensor, for errors: <c>node "x"</c>.</param>
    /// <exception cref="FileFormatException">The shape is not known, the values do not fit it, or the type has no values.</exception>
    public static TensorValue Decode(TensorProto tensor, string path, string where)
    {
        long[] shape = Shapes.KnownSizes(tensor.TensorShape) ?? throw new FileFormatException(path, $"{where} holds a tensor without a valid shape: {tensor.TensorShape}.");
        long count = Shapes.Count(shape);
        if (tensor.Dtype == DataType.DtString) return DecodeStrings(tensor, shape, count, path, where);
        int size = DataTypes.Size(tensor.Dtype);
        if (size == 0) throw new FileFormatException(path, $"{where} holds a tensor of {DataTypes.Name(tensor.Dtype)}, which has no values that could be read.");
        if (tensor.TensorContent.Length > 0)
        {
            if (tensor.TensorContent.Length != count * size) throw new FileFormatException(path, $"{where} holds a tensor {DataTypes.Name(tensor.Dtype)}{Shapes.Text(shape)} with {tensor.TensorContent.Length} bytes; it needs {count * size}.");
            return TensorValue.OfBytes(tensor.Dtype, tensor.TensorContent.Memory, shape);
        }

        byte[] listed = Listed(tensor);
        CheckFilled(count, listed.Length / size, MaxFilledBytes / size, path, where);
        return TensorValue.OfBytes(tensor.Dtype, Fill(listed, count, size), shape);
    }

    /// <summary>
    /// The proto of values, as TensorFlow writes it: two or more numbers as content, else the list. The content is the
    /// value's own memory, not a copy.
    /// </summary>
    public static TensorProto Encode(TensorValue value)
    {
        var tensor = new TensorProto { Dtype = value.Type, TensorShape = Shapes.ToProto(value.Shape) };
        if (value.Type == DataType.DtString) tensor.StringVal.AddRange(value.Strings.Select(text => ByteString.CopyFrom(text)));
        else if (value.Count > 1) tensor.TensorContent = UnsafeByteOperations.UnsafeWrap(value.Bytes);
        else if (value.Count == 1) AddOne(tensor, value.Bytes.Span);
        return tensor;
    }

    private static TensorValue DecodeStrings(TensorProto tensor, long[] shape, long count, string path, string where)
    {
        int given = tensor.StringVal.Count;
        CheckFilled(count, given, MaxFilledStrings, path, where);
        var strings = new byte[count][];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = given == 0 ? [] : i < given ? tensor.StringVal[i].ToByteArray() : strings[given - 1];
        }

        return TensorValue.OfStrings(strings, shape);
    }

    private static void CheckFilled(long count, long given, long most, string path, string where)
    {
        if (count > Math.Max(given, most)) throw new FileFormatException(path, $"{where} holds a tensor of {count} elements of which the file lists {given}; up to {most} are filled in.");
    }

    private static byte[] Fill(byte[] listed, long count, int size)
    {
        var bytes = new byte[count * size];
        int given = (int)Math.Min(listed.Length, bytes.Length);
        listed.AsSpan(0, given).CopyTo(bytes);
        if (given == 0) return bytes;
        ReadOnlySpan<byte> last = bytes.AsSpan(given - size, size);
        for (int at = given; at < bytes.Length; at += size) last.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Listed(TensorProto tensor) => tensor.Dtype switch
    {
        DataType.DtFloat => Raw(tensor.FloatVal, value => value),
        DataType.DtDouble => Raw(tensor.DoubleVal, value => value),
        DataType.DtInt32 or DataType.DtQint32 => Raw(tensor.IntVal, value => value),
        DataType.DtUint8 or DataType.DtQuint8 => Raw(tensor.IntVal, value => (byte)value),
        DataType.DtInt8 or DataType.DtQint8 => Raw(tensor.IntVal, value => (sbyte)value),
        DataType.DtInt16 or DataType.DtQint16 => Raw(tensor.IntVal, value => (short)value),
        DataType.DtUint16 or DataType.DtQuint16 => Raw(tensor.IntVal, value => (ushort)value),
        DataType.DtHalf or DataType.DtBfloat16 => Raw(tensor.HalfVal, value => (ushort)value),
        DataType.DtInt64 => Raw(tensor.Int64Val, value => value),
        DataType.DtBool => Raw(tensor.BoolVal, value => value),
        DataType.DtUint32 => Raw(tensor.Uint32Val, value => value),
        DataType.DtUint64 => Raw(tensor.Uint64Val, value => value),
        DataType.DtComplex64 => Raw(Pairs(tensor.ScomplexVal), pair => pair),
        DataType.DtComplex128 => Raw(Pairs(tensor.DcomplexVal), pair => new Complex(pair.Real, pair.Imaginary)),
        _ => [],
    };

    private static byte[] Raw<T, TStored>(IReadOnlyCollection<T> values, Func<T, TStored> convert)
        where TStored : unmanaged
    {
        var stored = new TStored[values.Count];
        int at = 0;
        foreach (T value in values) stored[at++] = convert(value);
        return MemoryMarshal.AsBytes(stored.AsSpan()).ToArray();
    }

    // A last number without its partner is left out.
    private static (T Real, T Imaginary)[] Pairs<T>(RepeatedField<T> values)
    {
        var pairs = new (T, T)[values.Count / 2];
        for (int i = 0; i < pairs.Length; i++) pairs[i] = (values[2 * i], values[(2 * i) + 1]);
        return pairs;
    }

    private static void AddOne(TensorProto tensor, ReadOnlySpan<byte> value)
    {
        switch (tensor.Dtype)
        {
            case DataType.DtFloat: tensor.FloatVal.Add(BinaryPrimitives.ReadSingleLittleEndian(value)); break;
            case DataType.DtDouble: tensor.DoubleVal.Add(BinaryPrimitives.ReadDoubleLittleEndian(value)); break;
            case DataType.DtInt32 or DataType.DtQint32: tensor.IntVal.Add(BinaryPrimitives.ReadInt32LittleEndian(value)); break;
            case DataType.DtUint8 or DataType.DtQuint8: tensor.IntVal.Add(value[0]); break;
            case DataType.DtInt8 or DataType.DtQint8: tensor.IntVal.Add((sbyte)value[0]); break;
            case DataType.DtInt16 or DataType.DtQint16: tensor.IntVal.Add(BinaryPrimitives.ReadInt16LittleEndian(value)); break;
            case DataType.DtUint16 or DataType.DtQuint16: tensor.IntVal.Add(BinaryPrimitives.ReadUInt16LittleEndian(value)); break;
            case DataType.DtHalf or DataType.DtBfloat16: tensor.HalfVal.Add(BinaryPrimitives.ReadUInt16LittleEndian(value)); break;
            case DataType.DtInt64: tensor.Int64Val.Add(BinaryPrimitives.ReadInt64LittleEndian(value)); break;
            case DataType.DtBool: tensor.BoolVal.Add(value[0] != 0); break;
            case DataType.DtUint32: tensor.Uint32Val.Add(BinaryPrimitives.ReadUInt32LittleEndian(value)); break;
            case DataType.DtUint64: tensor.Uint64Val.Add(BinaryPrimitives.ReadUInt64LittleEndian(value)); break;
            case DataType.DtComplex64:
                tensor.ScomplexVal.Add(BinaryPrimitives.ReadSingleLittleEndian(value));
                tensor.ScomplexVal.Add(BinaryPrimitives.ReadSingleLittleEndian(value[sizeof(float)..]));
                break;
            case DataType.DtComplex128:
                tensor.DcomplexVal.Add(BinaryPrimitives.ReadDoubleLittleEndian(value));
                tensor.DcomplexVal.Add(BinaryPrimitives.ReadDoubleLittleEndian(value[sizeof(double)..]));
                break;
        }
    }
}
