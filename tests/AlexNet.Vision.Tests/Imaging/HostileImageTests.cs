using System.Buffers.Binary;
using System.Diagnostics;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>Bytes that are no picture, too large a picture, or a damaged one: an error that says so, never a crash.</summary>
public class HostileImageTests
{
    [TestCase("", ImageProblem.Empty)]
    [TestCase("hello, I am text", ImageProblem.NotAPicture)]
    [TestCase("BM", ImageProblem.NotAPicture)]
    [TestCase("BMW builds cars and motorcycles", ImageProblem.NotAPicture)]
    [TestCase("II*\0aaaaaaaaaaaaaaaaaa", ImageProblem.Unsupported)]
    [TestCase("\0\0\0\u0018ftypheic", ImageProblem.Unsupported)]
    [TestCase("\0\0\0\u0018ftypavif", ImageProblem.Unsupported)]
    [TestCase("%PDF-1.7", ImageProblem.Unsupported)]
    [TestCase("<svg xmlns", ImageProblem.Unsupported)]
    [TestCase("GIF89a", ImageProblem.Broken)]
    [TestCase("\u0089PNG\r\n\u001a\n", ImageProblem.Broken)]
    [TestCase("ÿØÿà", ImageProblem.Broken)]
    [TestCase("RIFF\u0010\0\0\0WEBPVP8 ", ImageProblem.Broken)]
    public void ContentThatIsNoPictureIsNamed(string latin1, ImageProblem problem)
    {
        ImageFormatException error = Fails(System.Text.Encoding.Latin1.GetBytes(latin1));
        Assert.That(error.Problem, Is.EqualTo(problem), error.Message);
        Assert.That(error.Message, Does.StartWith("test picture: "));
        Assert.That(error.Path, Is.EqualTo("test picture"));
    }

    [Test]
    public void ADeclaredSizeBeyondTheLimitIsRefusedBeforeMemoryIsTaken()
    {
        byte[] bomb = PngHeader(60_000, 60_000);
        long before = GC.GetTotalAllocatedBytes();
        ImageFormatException error = Fails(bomb);
        Assert.That(error.Problem, Is.EqualTo(ImageProblem.TooLarge));
        Assert.That(error.Message, Does.Contain("60000×60000").And.Contain("MaxPixels"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(10_000_000));
    }

    [Test]
    public void TheLimitsCanBeSet()
    {
        string photograph = Golden.Photograph("zebra");
        long pixels = 500 * 375, bytes = new FileInfo(photograph).Length;
        Assert.That(Loading.Warning(photograph, new ImageLimits { MaxPixels = pixels, MaxBytes = bytes }), Is.Null);
        Assert.That(Load(new ImageLimits { MaxPixels = pixels - 1 }), Does.Contain("MaxPixels"));
        Assert.That(Load(new ImageLimits { MaxBytes = bytes - 1 }), Does.Contain("MaxBytes"));

        string Load(ImageLimits limits) => Loading.Fails<ImageFormatException>(photograph, limits: limits).Message;
    }

    [Test]
    public void AJpegOfThousandsOfScansIsRefusedQuickly()
    {
        byte[] jpeg = File.ReadAllBytes(Golden.Photograph("zebra"));
        List<JpegSegment> segments = JpegSegments.Read(jpeg);
        JpegSegment scan = segments.First(s => s.Marker == JpegSegment.StartOfScan);
        byte[] header = jpeg[scan.Start..scan.Data];
        byte[] bomb = [.. jpeg[..scan.End], .. Enumerable.Repeat(header, 20_000).SelectMany(bytes => bytes), 0xFF, 0xD9];
        var watch = Stopwatch.StartNew();
        Assert.That(Fails(bomb).Message, Does.Contain("scans"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void AFileCutAnywhereIsAPictureWithAWarningOrAnError()
    {
        foreach (string path in Directory.EnumerateFiles(Golden.Folder("images")).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)))
        {
            byte[] whole = File.ReadAllBytes(path);
            int step = Math.Max(1, whole.Length / 60);
            for (int length = 0; length < whole.Length; length += step)
                AssertPictureOrError(whole[..length], $"{Path.GetFileName(path)} cut at {length}");
        }
    }

    [Test]
    public void ACutJpegDecodesAsFarAsItGoes()
    {
        byte[] whole = File.ReadAllBytes(Golden.Photograph("zebra"));
        using DecodedImage full = ImageSource.FromBytes(whole).Decode(true, ImageLimits.Default);
        using DecodedImage cut = ImageSource.FromBytes(whole.AsMemory(0, whole.Length / 2)).Decode(true, ImageLimits.Default);
        Assert.That(cut.Warning, Does.Contain($"{whole.Length / 2:N0} bytes"));
        Assert.That(cut.Row(100).ToArray(), Is.EqualTo(full.Row(100).ToArray()));
        Assert.That(cut.Row(374).ToArray(), Is.All.EqualTo(0xFF80_8080));
    }

    [Test]
    public void RandomDamageNeverEscapesAsAnythingElse()
    {
        var random = new Random(20);
        foreach (string path in Directory.EnumerateFiles(Golden.Folder("images")).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)))
        {
            byte[] whole = File.ReadAllBytes(path);
            for (int round = 0; round < 30 && whole.Length > 0; round++)
            {
                byte[] damaged = [.. whole];
                for (int i = random.Next(1, 8); i > 0; i--)
                    damaged[random.Next(Math.Min(damaged.Length, round % 2 == 0 ? 64 : int.MaxValue))] = (byte)random.Next(256);
                AssertPictureOrError(damaged, $"{Path.GetFileName(path)} round {round}");
            }
        }
    }

    private static void AssertPictureOrError(byte[] bytes, string what)
    {
        try
        {
            using DecodedImage image = ImageSource.FromBytes(bytes, what).Decode(true, new ImageLimits { MaxPixels = 4_000_000 });
            Assert.That(image.Pixels.Length, Is.Positive, what);
        }
        catch (ImageFormatException error)
        {
            Assert.That(error.Message, Does.StartWith(what));
        }
    }

    private static ImageFormatException Fails(byte[] bytes) =>
        Loading.Fails<ImageFormatException>(ImageSource.FromBytes(bytes, "test picture"));

    private static byte[] PngHeader(int width, int height)
    {
        byte[] header = [(byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), height);
        byte[] checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32(header));
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, .. header, .. checksum, 0, 0, 0, 0, .. "IDAT"u8, 0x35, 0xAF, 0x06, 0x1E];
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB8_8320);
        }

        return ~crc;
    }
}
