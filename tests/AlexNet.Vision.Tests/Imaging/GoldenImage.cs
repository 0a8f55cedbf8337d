using System.Security.Cryptography;
using System.Text.Json;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>Reads golden/images and gives the library's pixels in its form: bytes in rows, three a pixel.</summary>
internal static class GoldenImage
{
    /// <summary>One case per entry of a file's <c>images</c>.</summary>
    internal static IEnumerable<TestCaseData> Entries(string file) => Golden.Entries(
        file,
        root => root.Get("images").EnumerateObject().Select(entry => (entry.Name, (object)new ImageEntry(entry.Name, entry.Value.Clone(), root.Clone()))));

    internal static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Blue, green, red of each pixel.</summary>
    internal static byte[] Bgr(DecodedImage image)
    {
        byte[] bytes = new byte[image.Pixels.Length * 3];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            uint pixel = image.Pixels[i];
            (bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
        }

        return bytes;
    }

    /// <summary>The library's input for a picture, as floats.</summary>
    internal static float[] Input(DecodedImage image, Preprocessing preprocessing, bool mirror = false)
    {
        float[] values = new float[preprocessing.Width * preprocessing.Height * 3];
        ImageInput.WriteInto(image, preprocessing.Validated(), mirror, values);
        return values;
    }

    /// <summary>Floats that must be whole numbers 0 to 255, as bytes.</summary>
    internal static byte[] Bytes(float[] values)
    {
        byte[] bytes = Array.ConvertAll(values, value => (byte)value);
        Assert.That(Array.TrueForAll(values, value => value == (byte)value), "whole numbers from 0 to 255");
        return bytes;
    }

    /// <summary>The element numbers of a sample of <paramref name="count"/> values out of <paramref name="length"/>.</summary>
    internal static int Index(int j, int count, int length) => (int)((long)j * length / count);

    /// <summary>A size written as WIDTHxHEIGHT.</summary>
    internal static Preprocessing Size(string text, Preprocessing? basis = null)
    {
        int[] size = Array.ConvertAll(text.Split('x'), int.Parse);
        return (basis ?? Preprocessing.Article) with { Width = size[0], Height = size[1] };
    }
}

/// <summary>An entry of <c>images</c>.</summary>
internal sealed record ImageEntry(string Name, JsonElement Value, JsonElement Root)
{
    /// <summary>The file: beside the JSON, or one of the photographs.</summary>
    internal string FilePath => File.Exists(Golden.Locate("images/" + Name))
        ? Golden.Locate("images/" + Name)
        : Golden.Photograph(Path.GetFileNameWithoutExtension(Name));

    internal DecodedImage Decode() => ImageSource.FromFile(FilePath).Decode(autoOrient: true, ImageLimits.Default);
}
