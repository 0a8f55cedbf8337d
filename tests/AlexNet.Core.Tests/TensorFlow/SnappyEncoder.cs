using System.Buffers;
using AlexNetTF.TensorFlow;

namespace AlexNetTF.Tests.Formats;

/// <summary>A plain Snappy encoder, so that compressed blocks can be made: each match is the last place of the same four bytes.</summary>
internal static class SnappyEncoder
{
    public static byte[] Encode(ReadOnlySpan<byte> data)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteVarint((ulong)data.Length);
        var places = new Dictionary<uint, int>();
        int literal = 0;
        int at = 0;
        while (at + 4 <= data.Length)
        {
            uint four = BitConverter.ToUInt32(data[at..]);
            bool found = places.TryGetValue(four, out int place);
            places[four] = at;
            if (!found)
            {
                at++;
                continue;
            }

            int length = Math.Min(data[at..].CommonPrefixLength(data[place..]), 64);
            WriteLiteral(output, data[literal..at]);
            WriteCopy(output, at - place, length);
            at += length;
            literal = at;
        }

        WriteLiteral(output, data[literal..]);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteLiteral(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(60, bytes.Length)..])
        {
            int length = Math.Min(60, bytes.Length);
            output.Write<byte>([(byte)((length - 1) << 2)]);
            output.Write(bytes[..length]);
        }
    }

    private static void WriteCopy(ArrayBufferWriter<byte> output, int distance, int length)
    {
        if (length is >= 4 and <= 11 && distance < 2048) output.Write<byte>([(byte)(((distance >> 8) << 5) | ((length - 4) << 2) | 1), (byte)distance]);
        else if (distance < 65536) output.Write<byte>([(byte)(((length - 1) << 2) | 2), (byte)distance, (byte)(distance >> 8)]);
        else output.Write<byte>([(byte)(((length - 1) << 2) | 3), (byte)distance, (byte)(distance >> 8), (byte)(distance >> 16), (byte)(distance >> 24)]);
    }
}
