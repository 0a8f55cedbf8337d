using System.Numerics;
using System.Runtime.InteropServices;

namespace AlexNetTF.Weights;

/// <summary>Bytes written as the characters 0 to 255 in UTF-8, preceded by their length: the payload of BINUNICODE.</summary>
internal static class Latin1Text
{
    private const int Block = 1 << 14;

    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        ulong length = 0;
        for (ReadOnlySpan<float> rest = values; rest.Length > 0; rest = rest[Math.Min(Block, rest.Length)..])
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(rest[..Math.Min(Block, rest.Length)]);
            length += (ulong)(bytes.Length + CountUpper(bytes));
        }

        LittleEndian.Write(stream, checked((uint)length));
        byte[] text = new byte[2 * sizeof(float) * Block];
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
        {
            stream.Write(text, 0, Encode(values[..Math.Min(Block, values.Length)], text));
        }
    }

    private static int Encode(ReadOnlySpan<float> values, byte[] text)
    {
        int written = 0;
        Span<byte> swapped = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(swapped, value);
            foreach (byte character in swapped)
            {
                if (character < 0x80)
                {
                    text[written++] = character;
                }
                else
                {
                    text[written++] = (byte)(0xC0 | (character >> 6));
                    text[written++] = (byte)(0x80 | (character & 0x3F));
                }
            }
        }

        return written;
    }

    /// <summary>How many bytes are 128 or more and so take two in UTF-8.</summary>
    private static int CountUpper(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            count += BitOperations.PopCount(eight & 0x8080808080808080);
        }

        foreach (byte value in bytes[(bytes.Length & ~7)..])
        {
            count += value >> 7;
        }

        return count;
    }
}
