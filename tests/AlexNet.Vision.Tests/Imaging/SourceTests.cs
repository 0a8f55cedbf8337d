using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>Paths, streams, encoded bytes and raw pixels give the same input.</summary>
public class SourceTests
{
    private static readonly Preprocessing Small = Preprocessing.Article with { Width = 3, Height = 2 };

    // Blue, green, red of 3×2 pixels.
    private static readonly byte[] Bgr = [.. Enumerable.Range(1, 18).Select(i => (byte)(i * 7))];

    private static float[] Floats => Array.ConvertAll(Bgr, value => (float)value);

    [Test]
    public unsafe void PathStreamAndBytesAgree()
    {
        string path = Golden.Photograph("zebra");
        byte[] encoded = File.ReadAllBytes(path);
        using NumSharp.NDArray input = ImageInput.Load(path);
        Assert.That(input.shape, Is.EqualTo(new long[] { 1, 227, 227, 3 }));
        Assert.That(input.typecode, Is.EqualTo(NumSharp.NPTypeCode.Single));
        float[] expected = new Span<float>(input.Unsafe.Address, 227 * 227 * 3).ToArray();
        using var stream = new OneByteStream(encoded);
        using var file = new MemoryStream([1, 2, .. encoded]) { Position = 2 };
        foreach (ImageSource source in new ImageSource[] { encoded, new ReadOnlyMemory<byte>(encoded), stream, file })
            Assert.That(ResizeTests.Values(source, Preprocessing.Bvlc), Is.EqualTo(expected), source.Name);
    }

    [TestCase(PixelFormat.Bgr24)]
    [TestCase(PixelFormat.Rgb24)]
    [TestCase(PixelFormat.Bgra32)]
    [TestCase(PixelFormat.Rgba32)]
    public void RawPixelsOfEveryOrderAndStride(PixelFormat format)
    {
        int size = format is PixelFormat.Bgr24 or PixelFormat.Rgb24 ? 3 : 4;
        bool swapped = format is PixelFormat.Rgb24 or PixelFormat.Rgba32;
        foreach (int stride in new[] { 3 * size, (3 * size) + 5 })
        {
            byte[] pixels = new byte[(stride * 2) - (stride - (3 * size))];
            for (int i = 0; i < 18; i++)
            {
                int channel = swapped ? 2 - (i % 3) : i % 3;
                pixels[(i / 9 * stride) + (i / 3 % 3 * size) + channel] = Bgr[i];
            }

            ImageSource source = ImageSource.FromPixels(pixels, 3, 2, stride == 3 * size ? 0 : stride, format);
            Assert.That(ResizeTests.Values(source, Small), Is.EqualTo(Floats), $"stride {stride}");
        }
    }

    [Test]
    public void GreyPixelsFillAllChannels() =>
        Assert.That(ResizeTests.Values(ImageSource.FromPixels(new byte[] { 7 }, 1, 1, format: PixelFormat.Grey8), Small with { Width = 1, Height = 1 }), Is.EqualTo(new float[] { 7, 7, 7 }));

    [TestCase(0, 2, 0, "no pixels")]
    [TestCase(3, -1, 0, "no pixels")]
    [TestCase(3, 2, 8, "stride of 8")]
    [TestCase(3, 2, -9, "stride of -9")]
    [TestCase(3, 3, 0, "need 27 bytes, but 18")]
    [TestCase(3, 2, 10, "need 19 bytes, but 18")]
    [TestCase(int.MaxValue, int.MaxValue, 0, "need")]
    public void RawPixelsThatDoNotFitAreRefused(int width, int height, int stride, string message)
    {
        AlexNetException? error = Assert.Throws<AlexNetException>(() => ImageSource.FromPixels(Bgr, width, height, stride, name: "frame"));
        Assert.That(error!.Message, Does.StartWith("frame").And.Contain(message));
    }

    [Test]
    public void AFolderIsNoPicture() =>
        Assert.That(Loading.Fails<ImageFormatException>(Path.GetTempPath()).Message, Does.Contain("folder"));

    [Test]
    public void AMissingFileIsNamed() =>
        Assert.That(Loading.Fails<InputFileException>(Path.Combine(Path.GetTempPath(), "no such.jpeg")).Message, Does.Contain("no such.jpeg"));

    /// <summary>A stream that cannot seek and gives one byte a read.</summary>
    private sealed class OneByteStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
