namespace AlexNetTF.Imaging;

/// <summary>Reads the bits of a scan; a stuffed zero after 0xFF is skipped, a marker ends them.</summary>
internal ref struct JpegBitReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> data = data;
    private int at;
    private int current;
    private int left;

    /// <summary>The next bit, or -1 at a marker or the end.</summary>
    internal int Next()
    {
        if (left == 0)
        {
            if (at >= data.Length || (data[at] == 0xFF && (at + 1 >= data.Length || data[at + 1] != 0)))
                return -1;
            current = data[at];
            at += current == 0xFF ? 2 : 1;
            left = 8;
        }

        left--;
        return (current >> left) & 1;
    }

    /// <summary>Drops the rest of the byte and steps over a restart marker; false where none is there.</summary>
    internal bool Restart(out byte marker)
    {
        left = 0;
        marker = at + 1 < data.Length && data[at] == 0xFF ? data[at + 1] : (byte)0;
        at += 2;
        return marker is >= 0xD0 and <= 0xD7;
    }
}

/// <summary>Writes the bits of a scan with a stuffed zero after every 0xFF.</summary>
internal sealed class JpegBitWriter(List<byte> output)
{
    private int current;
    private int count;

    internal void Write(int bit)
    {
        current = (current << 1) | bit;
        if (++count < 8)
            return;
        output.Add((byte)current);
        if (current == 0xFF)
            output.Add(0);
        (current, count) = (0, 0);
    }

    /// <summary>Fills the last byte with ones, as the standard asks.</summary>
    internal void Flush()
    {
        while (count > 0)
            Write(1);
    }
}

/// <summary>A canonical Huffman table of a JPEG.</summary>
internal sealed class JpegHuffmanTable
{
    private readonly byte[] counts;
    private readonly byte[] symbols;

    private JpegHuffmanTable(byte[] counts, byte[] symbols) => (this.counts, this.symbols) = (counts, symbols);

    /// <summary>Reads the tables of a segment into <paramref name="tables"/>, indexed by class · 4 + number; false where the segment is wrong.</summary>
    internal static bool Read(ReadOnlySpan<byte> parameters, JpegHuffmanTable?[] tables)
    {
        while (parameters.Length >= 17)
        {
            byte[] counts = parameters[1..17].ToArray();
            int total = counts.Sum(count => count);
            (int kind, int number) = (parameters[0] >> 4, parameters[0] & 15);
            if (kind > 1 || number > 3 || parameters.Length < 17 + total)
                return false;
            tables[(kind * 4) + number] = new(counts, parameters.Slice(17, total).ToArray());
            parameters = parameters[(17 + total)..];
        }

        return parameters.IsEmpty;
    }

    /// <summary>Reads one symbol and writes its code to <paramref name="writer"/> where there is one; -1 where the bits end or mean nothing.</summary>
    internal int Copy(ref JpegBitReader reader, JpegBitWriter? writer)
    {
        int code = 0, first = 0, index = 0;
        foreach (byte count in counts)
        {
            int bit = reader.Next();
            if (bit < 0)
                return -1;
            writer?.Write(bit);
            code |= bit;
            if (code - first < count)
                return symbols[index + code - first];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return -1;
    }
}
