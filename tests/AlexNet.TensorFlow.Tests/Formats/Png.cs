using System.Buffers.Binary;
using System.IO.Compression;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>The pixels of a PNG of 8 bits a channel (ISO/IEC 15948, filters of section 9).</summary>
internal static class Png
{
    public static byte[] Pixels(byte[] png)
    {
        using var data = new MemoryStream();
        int width = 0, height = 0, channels = 0;
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            ReadOnlySpan<byte> content = png.AsSpan(at + 8, length);
            if (type == "IHDR") (width, height, channels) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]), content[9] switch { 0 => 1, 2 => 3, _ => 4 });
            if (type == "IDAT") data.Write(content);
            at += length + 12;
        }

        data.Position = 0;
        using var rows = new ZLibStream(data, CompressionMode.Decompress);
        return Unfilter(rows, height, width * channels, channels);
    }

    private static byte[] Unfilter(ZLibStream rows, int height, int rowBytes, int pixel)
    {
        var pixels = new byte[height * rowBytes];
        for (int y = 0; y < height; y++)
        {
            int filter = rows.ReadByte();
            Span<byte> row = pixels.AsSpan(y * rowBytes, rowBytes);
            rows.ReadExactly(row);
            for (int x = 0; x < rowBytes; x++)
            {
                int left = x < pixel ? 0 : row[x - pixel], up = y == 0 ? 0 : pixels[((y - 1) * rowBytes) + x], corner = x < pixel || y == 0 ? 0 : pixels[((y - 1) * rowBytes) + x - pixel];
                row[x] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 });
            }
        }

        return pixels;
    }

    private static int Paeth(int left, int up, int corner)
    {
        int a = Math.Abs(up - corner), b = Math.Abs(left - corner), c = Math.Abs(left + up - (2 * corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
