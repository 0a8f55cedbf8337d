using System.Text.Json;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>Decoding and resizing against what OpenCV gives for every small file.</summary>
public class GoldenPictureTests
{
    private static IEnumerable<TestCaseData> Files() => GoldenImage.Entries("images/expected.json");

    [TestCaseSource(nameof(Files))]
    public void DecodesAsOpenCv(object argument)
    {
        var entry = (ImageEntry)argument;
        Assert.That(new FileInfo(entry.FilePath).Length, Is.EqualTo(entry.Value.Long("file_bytes")), "the golden file itself");
        if (entry.Value.Find("imread") is not { } imread)
        {
            ImageFormatException error = Loading.Fails<ImageFormatException>(entry.FilePath);
            Assert.That(error.Message, Does.StartWith(entry.FilePath));
            return;
        }

        using DecodedImage image = entry.Decode();
        int[] shape = imread.Ints("shape");
        Assert.That(new[] { image.Height, image.Width, 3 }, Is.EqualTo(shape));
        if (image.Warning is not null)
        {
            // The lost part of a cut file is not compared.
            Assert.That(File.ReadAllBytes(entry.FilePath)[^2..], Is.Not.EqualTo(new byte[] { 0xFF, 0xD9 }), image.Warning);
            return;
        }

        byte[] bytes = GoldenImage.Bgr(image);
        AssertSample(bytes, imread.Get("sample"));
        Assert.That(GoldenImage.Sha256(bytes), Is.EqualTo(imread.Text("sha256")));
    }

    [TestCaseSource(nameof(Files))]
    public void ResizesAsOpenCv(object argument)
    {
        var entry = (ImageEntry)argument;
        if (entry.Value.Find("resize") is not { } resize)
        {
            Assert.That(entry.Value.Has("imread"), Is.False, "a picture without resized versions");
            return;
        }

        using DecodedImage image = entry.Decode();
        if (image.Warning is not null)
            return;
        foreach (JsonProperty size in resize.EnumerateObject())
        {
            byte[] bytes = GoldenImage.Bytes(GoldenImage.Input(image, GoldenImage.Size(size.Name)));
            AssertSample(bytes, size.Value.Get("sample"));
            Assert.That(GoldenImage.Sha256(bytes), Is.EqualTo(size.Value.Text("sha256")), size.Name);
        }
    }

    private static void AssertSample(byte[] bytes, JsonElement sample)
    {
        int count = sample.GetArrayLength();
        byte[] actual = [.. Enumerable.Range(0, count).Select(j => bytes[GoldenImage.Index(j, count, bytes.Length)])];
        Assert.That(actual, Is.EqualTo(sample.EnumerateArray().Select(value => value.GetByte())));
    }
}
