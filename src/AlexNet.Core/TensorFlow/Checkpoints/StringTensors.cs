using System.Buffers;
using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Strings in a data file: the length of each as a varint; a masked CRC-32C of the lengths, each taken as 32 bits (64
/// where it needs them); the bytes. The entry's own sum covers the lengths in that form, the stored sum, and the bytes.
/// </summary>
internal static class StringTensors
{
    /// <summary>Takes the strings apart.</summary>
    /// <param name="bytes">The stored bytes.</param>
    /// <param name="count">The number of strings.</param>
    /// <param name="crc">The entry's sum as it comes out.</param>
    /// <returns>The strings; null where the bytes are malformed or the lengths' sum is wrong.</returns>
    public static byte[][]? Decode(ReadOnlySpan<byte> bytes, long count, out uint crc)
    {
        crc = 0;
        if (count == 0 && bytes.IsEmpty) return [];
        if (count > bytes.Length) return null;
        var reader = new ByteReader(bytes);
        var strings = new byte[count][];
        var lengths = new int[count];
        for (int i = 0; i < lengths.Length; i++)
        {
            if (!reader.TryVarint31(out lengths[i])) return null;
            crc = AddLength(crc, (ulong)lengths[i]);
        }

        if (!reader.TryFixed32(out uint stored) || Crc32C.Unmask(stored) != crc) return null;
        crc = AddSum(crc, stored);
        for (int i = 0; i < lengths.Length; i++)
        {
            if (!reader.TryBytes(lengths[i], out ReadOnlySpan<byte> text)) return null;
            crc = Crc32C.Extend(crc, text);
            strings[i] = text.ToArray();
        }

        return reader.AtEnd ? strings : null;
    }

    /// <summary>The stored form.</summary>
    public static ReadOnlySpan<byte> Encode(IReadOnlyList<byte[]> strings, out uint crc)
    {
        crc = 0;
        var output = new ArrayBufferWriter<byte>();
        foreach (byte[] text in strings)
        {
            output.WriteVarint((ulong)text.Length);
            crc = AddLength(crc, (ulong)text.Length);
        }

        uint stored = Crc32C.Mask(crc);
        output.WriteFixed32(stored);
        crc = AddSum(crc, stored);
        foreach (byte[] text in strings)
        {
            output.Write(text);
            crc = Crc32C.Extend(crc, text);
        }

        return output.WrittenSpan;
    }

    private static uint AddLength(uint crc, ulong length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return Crc32C.Extend(crc, length <= uint.MaxValue ? bytes[..sizeof(uint)] : bytes);
    }

    private static uint AddSum(uint crc, uint stored)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, stored);
        return Crc32C.Extend(crc, bytes);
    }
}
