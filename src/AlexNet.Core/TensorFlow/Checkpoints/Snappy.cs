using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Decodes Snappy's block format: a varint with the decoded length, then elements. The low two bits of an element's
/// first byte tell its kind: 0 a literal; 1, 2, 3 a copy of earlier output with the distance in 11, 16 or 32 bits.
/// </summary>
internal static class Snappy
{
    // The densest element is a copy of 64 bytes in 3.
    private const int LargestRatio = 22;

    /// <summary>Decodes a block; null where it is malformed.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> block)
    {
        var input = new ByteReader(block);
        if (!input.TryVarint31(out int length) || length > (long)block.Length * LargestRatio) return null;
        var output = new byte[length];
        int written = 0;
        while (!input.AtEnd)
        {
            if (!TryElement(ref input, output, ref written)) return null;
        }

        return written == length ? output : null;
    }

    private static bool TryElement(ref ByteReader input, Span<byte> output, ref int written)
    {
        if (!TryNumber(ref input, 1, out long tag)) return false;
        int length = (int)(tag >> 2) + 1;
        switch (tag & 3)
        {
            case 0:
                return TryLiteral(ref input, (int)(tag >> 2), output, ref written);
            case 1:
                length = (int)((tag >> 2) & 7) + 4;
                return TryNumber(ref input, 1, out long low) && TryCopy(output, ref written, ((tag >> 5) << 8) | low, length);
            case 2:
                return TryNumber(ref input, 2, out long near) && TryCopy(output, ref written, near, length);
            default:
                return TryNumber(ref input, 4, out long far) && TryCopy(output, ref written, far, length);
        }
    }

    // Lengths up to 60 stand in the tag; 60 to 63 say that 1 to 4 bytes with the length follow.
    private static bool TryLiteral(ref ByteReader input, int code, Span<byte> output, ref int written)
    {
        long length = code;
        if (code >= 60 && !TryNumber(ref input, code - 59, out length)) return false;
        length++;
        if (length > output.Length - written || !input.TryBytes(length, out ReadOnlySpan<byte> literal)) return false;
        literal.CopyTo(output[written..]);
        written += literal.Length;
        return true;
    }

    // A copy may reach into its own output (distance < length): it then repeats the pattern, so bytes go one by one.
    private static bool TryCopy(Span<byte> output, ref int written, long distance, int length)
    {
        if (distance == 0 || distance > written || length > output.Length - written) return false;
        for (int end = written + length; written < end; written++) output[written] = output[written - (int)distance];
        return true;
    }

    private static bool TryNumber(ref ByteReader input, int bytes, out long value)
    {
        Span<byte> padded = stackalloc byte[sizeof(long)];
        padded.Clear();
        bool read = input.TryBytes(bytes, out ReadOnlySpan<byte> found);
        found.CopyTo(padded);
        value = BinaryPrimitives.ReadInt64LittleEndian(padded);
        return read;
    }
}
