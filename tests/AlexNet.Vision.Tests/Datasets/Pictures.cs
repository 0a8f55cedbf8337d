using System.Buffers.Binary;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Datasets;

/// <summary>Small pictures for data sets: grey BMP files.</summary>
internal static class Pictures
{
    /// <summary>A preprocessing that leaves pictures of 2×1 pixels as they are.</summary>
    internal static Preprocessing Tiny { get; } = Preprocessing.Article with { Width = 2, Height = 1 };

    /// <summary>Writes a picture of 2×1 pixels: its number, low byte left and high byte right.</summary>
    internal static string Number(string path, int number)
    {
        File.WriteAllBytes(path, Bmp(2, 1, (x, _) => (byte)(number >> (8 * x))));
        return path;
    }

    /// <summary>The number of a picture in a batch, mirrored or not.</summary>
    internal static int NumberOf(Batch batch, int row, bool mirrored = false) =>
        (int)batch.Images.GetSingle(row, 0, mirrored ? 1 : 0, 0) + (256 * (int)batch.Images.GetSingle(row, 0, mirrored ? 0 : 1, 0));

    /// <summary>A data set of numbered pictures in classes 0, 1, 2, 0, …</summary>
    internal static ImageDataset Numbered(TempFolder folder, int count, int classes = 3)
    {
        for (int i = 0; i < count; i++)
            Number(folder[$"{i}.bmp"], i);
        File.WriteAllLines(folder["list.txt"], Enumerable.Range(0, count).Select(i => $"{i}.bmp {i % classes}"));
        return ImageDataset.FromList(folder["list.txt"]);
    }

    /// <summary>A BMP file of 24 bits a pixel.</summary>
    internal static byte[] Bmp(int width, int height, Func<int, int, byte> grey)
    {
        int stride = ((3 * width) + 3) & ~3;
        byte[] file = new byte[54 + (stride * height)];
        (file[0], file[1]) = ((byte)'B', (byte)'M');
        (int At, int Value)[] header = [(2, file.Length), (10, 54), (14, 40), (18, width), (22, height), (26, 1 | (24 << 16)), (34, stride * height)];
        foreach ((int at, int value) in header)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                file.AsSpan(54 + ((height - 1 - y) * stride) + (3 * x), 3).Fill(grey(x, y));
        }

        return file;
    }
}
