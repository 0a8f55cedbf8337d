namespace AlexNetTF.Weights;

/// <summary>Packed varints to little-endian integers of a fixed size, higher bits cut off.</summary>
internal sealed class VarintStream(Stream stored, int size) : DecodingStream(stored)
{
    private const int LongestVarint = 10;

    protected override int Decode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        int read = 0;
        written = 0;
        while (read < input.Length && written < output.Length && (written == 0 || input.Length - read >= LongestVarint))
        {
            ulong value = 0;
            int length = 0;
            do
            {
                if (length == LongestVarint || read + length == input.Length)
                {
                    throw Damaged("a varint without end");
                }

                value |= (ulong)(input[read + length] & 0x7F) << (7 * length);
            }
            while (input[read + length++] >= 0x80);

            read += length;
            int bytes = Math.Min(size, output.Length - written);
            for (int i = 0; i < bytes; i++)
            {
                output[written++] = (byte)(value >> (8 * i));
            }
        }

        return read;
    }
}
