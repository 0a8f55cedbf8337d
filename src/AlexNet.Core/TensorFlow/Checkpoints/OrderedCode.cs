using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// The key under which an index file holds one slice of a partitioned variable: 0, the variable's name, the rank, and
/// each dimension's start and length, encoded so that keys sort as their parts do.
/// </summary>
internal static class OrderedCode
{
    private const long WholeDimension = -1;

    public static byte[] SliceKey(ReadOnlySpan<byte> name, TensorSliceProto slice)
    {
        var key = new ArrayBufferWriter<byte>();
        WriteNumber(key, 0);
        WriteString(key, name);
        WriteNumber(key, (ulong)slice.Extent.Count);
        foreach (TensorSliceProto.Types.Extent extent in slice.Extent)
        {
            WriteSigned(key, extent.HasLength ? extent.Start : 0);
            WriteSigned(key, extent.HasLength ? extent.Length : WholeDimension);
        }

        return key.WrittenSpan.ToArray();
    }

    // One byte with the count of bytes, then these, highest first.
    private static void WriteNumber(ArrayBufferWriter<byte> key, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        ReadOnlySpan<byte> significant = bytes.TrimStart((byte)0);
        Append(key, (byte)significant.Length);
        key.Write(significant);
    }

    // 0 becomes 0 255, 255 becomes 255 0; the end is 0 1.
    private static void WriteString(ArrayBufferWriter<byte> key, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Append(key, value);
            if (value is 0 or 255) Append(key, (byte)~value);
        }

        Append(key, 0, 1);
    }

    private static void Append(ArrayBufferWriter<byte> key, params ReadOnlySpan<byte> bytes) => key.Write(bytes);

    // n bytes hold 7n - 1 bits. The sign bit comes first (1: not negative), then n - 1 bits like it, then one unlike it,
    // then the two's complement value.
    internal static void WriteSigned(ArrayBufferWriter<byte> key, long value)
    {
        ulong magnitude = (ulong)(value < 0 ? ~value : value);
        int bits = 64 - BitOperations.LeadingZeroCount(magnitude);
        int length = (bits / 7) + 1;
        Span<byte> bytes = stackalloc byte[10];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)(value >> 63));
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], value);
        Span<byte> written = bytes[(10 - length)..];
        ushort header = (ushort)(0xffff << (16 - length));
        written[0] ^= (byte)(header >> 8);
        if (length > 1) written[1] ^= (byte)header;
        key.Write(written);
    }
}
