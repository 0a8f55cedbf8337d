using System.Buffers.Binary;
using System.IO.Compression;

namespace AlexNetTF.TensorFlow;

/// <summary>Encodes pictures of 8 bits a channel as PNG (ISO/IEC 15948): one IDAT chunk, rows without a filter.</summary>
internal static class PngWriter
{
    private const int BitDepth = 8;
    private static readonly uint[] Table = MakeTable();

    /// <param name="pixels">Rows from the top, channels of a pixel side by side.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGBA.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int height, int width, int channels)
    {
        using var output = new MemoryStream();
        output.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = BitDepth;
        header[9] = (byte)(channels switch { 1 => 0, 3 => 2, _ => 6 });
        Chunk(output, "IHDR"u8, header);
        Chunk(output, "IDAT"u8, Compress(pixels, height, width * channels));
        Chunk(output, "IEND"u8, []);
        return output.ToArray();
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rows, int rowBytes)
    {
        using var output = new MemoryStream();
        using (var compressed = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < rows; row++)
            {
                compressed.WriteByte(0);
                compressed.Write(pixels.Slice(row * rowBytes, rowBytes));
            }
        }

        return output.ToArray();
    }

    // Length, type, data, and CRC-32 of type and data.
    private static void Chunk(MemoryStream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Update(Update(uint.MaxValue, type), data));
        output.Write(number);
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeTable()
    {
        const uint polynomial = 0xedb88320;
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            table[i] = crc;
        }

        return table;
    }
}
