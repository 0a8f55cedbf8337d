using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AlexNetTF.Weights;

/// <summary>Stored values to float32, rounded to nearest even as NumPy's astype does.</summary>
internal static class ElementConversion
{
    /// <summary>Converts <paramref name="stored"/>, whose bytes may be swapped in place, to <paramref name="values"/>.</summary>
    public static void Convert(Span<byte> stored, ElementType type, bool bigEndian, Span<float> values)
    {
        if (bigEndian == BitConverter.IsLittleEndian)
        {
            Swap(stored, type.Size());
        }

        switch (type)
        {
            case ElementType.Float32: stored.CopyTo(MemoryMarshal.AsBytes(values)); break;
            case ElementType.Float16: FromHalf(As<ushort>(stored), values); break;
            case ElementType.BFloat16: FromBFloat16(As<ushort>(stored), values); break;
            case ElementType.Boolean: FromBoolean(stored, values); break;
            case ElementType.Float64: FromNumbers(As<double>(stored), values); break;
            case ElementType.Int8: FromNumbers(As<sbyte>(stored), values); break;
            case ElementType.Int16: FromNumbers(As<short>(stored), values); break;
            case ElementType.Int32: FromNumbers(As<int>(stored), values); break;
            case ElementType.Int64: FromNumbers(As<long>(stored), values); break;
            case ElementType.UInt8: FromNumbers(As<byte>(stored), values); break;
            case ElementType.UInt16: FromNumbers(As<ushort>(stored), values); break;
            case ElementType.UInt32: FromNumbers(As<uint>(stored), values); break;
            case ElementType.UInt64: FromNumbers(As<ulong>(stored), values); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static Span<T> As<T>(Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    private static void Swap(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2: BinaryPrimitives.ReverseEndianness(As<ushort>(bytes), As<ushort>(bytes)); break;
            case 4: BinaryPrimitives.ReverseEndianness(As<uint>(bytes), As<uint>(bytes)); break;
            case 8: BinaryPrimitives.ReverseEndianness(As<ulong>(bytes), As<ulong>(bytes)); break;
        }
    }

    private static void FromNumbers<T>(ReadOnlySpan<T> stored, Span<float> values)
        where T : INumberBase<T>
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = float.CreateTruncating(stored[i]);
        }
    }

    private static void FromBoolean(ReadOnlySpan<byte> stored, Span<float> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = stored[i] == 0 ? 0f : 1f;
        }
    }

    /// <summary>A bfloat16 is the upper half of a float32.</summary>
    private static void FromBFloat16(ReadOnlySpan<ushort> stored, Span<float> values)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int i = 0;
        for (; i <= stored.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(stored[i..]), out Vector<uint> low, out Vector<uint> high);
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < stored.Length; i++)
        {
            bits[i] = (uint)stored[i] << 16;
        }
    }

    private static void FromHalf(ReadOnlySpan<ushort> stored, Span<float> values)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        int i = 0;
        for (; i <= stored.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(stored[i..]), out Vector<uint> low, out Vector<uint> high);
            FromHalf(low).CopyTo(bits[i..]);
            FromHalf(high).CopyTo(bits[(i + Vector<uint>.Count)..]);
        }

        for (; i < stored.Length; i++)
        {
            bits[i] = FromHalf(new Vector<uint>(stored[i]))[0];
        }
    }

    /// <summary>
    /// A half's exponent and mantissa, shifted into a float's place, are 2^112 too small (biases 15 and 127); the
    /// product is exact for subnormals too. Exponent 31 (infinity, NaN) becomes 255;
    /// a NaN keeps its bits, as in NumPy.
    /// </summary>
    private static Vector<uint> FromHalf(Vector<uint> half)
    {
        Vector<uint> magnitude = (half & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> scaled = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * new Vector<float>(BitConverter.UInt32BitsToSingle(0x77800000)));
        Vector<uint> special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(31u << 23)) & new Vector<uint>(0x7F800000);
        return scaled | special | ((half & new Vector<uint>(0x8000)) << 16);
    }
}
