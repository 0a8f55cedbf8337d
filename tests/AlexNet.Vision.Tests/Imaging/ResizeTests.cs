using AlexNetTF.Imaging;
using AlexNetTF.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>The vectorised kernels against <see cref="NaiveResize"/>: random sizes, mirrored, cropped, normalised.</summary>
public class ResizeTests
{
    private static readonly ResizeKernel[] Kernels = Enum.GetValues<ResizeKernel>();

    [FsCheck.NUnit.Property(MaxTest = 150)]
    public Property EqualsTheNaiveTwin() => Prop.ForAll(Sizes(), size =>
    {
        (int w, int h, int tw, int th) = size;
        byte[] pixels = Noise(w, h);
        using DecodedImage image = Image(pixels, w, h);
        foreach (ResizeKernel kernel in Kernels)
        {
            Preprocessing preprocessing = Preprocessing.Article with { Width = tw, Height = th, Kernel = kernel };
            Assert.That(GoldenImage.Input(image, preprocessing), Is.EqualTo(NaiveResize.Run(pixels, w, h, tw, th, kernel)), $"{kernel} {w}×{h} → {tw}×{th}");
        }
    });

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public Property MirroringComesBeforeResizing() => Prop.ForAll(Sizes(), size =>
    {
        (int w, int h, int tw, int th) = size;
        byte[] pixels = Noise(w, h);
        using DecodedImage image = Image(pixels, w, h);
        using DecodedImage mirrored = Image(Mirror(pixels, w, h), w, h);
        foreach (ResizeKernel kernel in Kernels)
        {
            Preprocessing preprocessing = Preprocessing.Article with { Width = tw, Height = th, Kernel = kernel };
            Assert.That(GoldenImage.Input(image, preprocessing, mirror: true), Is.EqualTo(GoldenImage.Input(mirrored, preprocessing)), $"{kernel} {w}×{h} → {tw}×{th}");
        }
    });

    [TestCase(ResizeMode.Stretch, 40, 40, 40)]
    [TestCase(ResizeMode.ShorterSide, 40, 63, 40)]
    [TestCase(ResizeMode.ShorterSide, 0, 41, 26)]
    public void CropsTheCentreOfTheResizedPicture(ResizeMode mode, int resizeTo, int wide, int high)
    {
        const int W = 71, H = 45;
        byte[] pixels = Noise(W, H);
        using DecodedImage image = Image(pixels, W, H);
        foreach (ResizeKernel kernel in Kernels)
        {
            Preprocessing whole = Preprocessing.Article with { Width = wide, Height = high, Kernel = kernel };
            Preprocessing cropped = whole with { Width = 26, Height = 21, Resize = mode, ResizeTo = resizeTo };
            foreach (bool mirror in new[] { false, true })
            {
                float[] full = GoldenImage.Input(image, whole, mirror);
                int left = (int)Math.Round((wide - 26) / 2.0), top = (int)Math.Round((high - 21) / 2.0);
                float[] expected = [.. Enumerable.Range(0, 21).SelectMany(y => full.AsSpan((((top + y) * wide) + left) * 3, 26 * 3).ToArray())];
                Assert.That(GoldenImage.Input(image, cropped, mirror), Is.EqualTo(expected), $"{kernel} mirror {mirror}");
            }
        }
    }

    [Test]
    public void NormalisesInTheWantedOrder()
    {
        using DecodedImage image = Image([10, 20, 30, 40, 50, 60], 2, 1);
        Preprocessing preprocessing = new()
        {
            Width = 2, Height = 1, Channels = ChannelOrder.Rgb, Divisor = 10, Mean = new(1, 0.1, 0.25), Std = new(3, 1, 0.5),
        };
        float[] expected = [(3f - 1) / 3, (float)(2 - 0.1), (1f - 0.25f) / 0.5f, (6f - 1) / 3, (float)(5 - 0.1), (4f - 0.25f) / 0.5f];
        Assert.That(GoldenImage.Input(image, preprocessing), Is.EqualTo(expected));
    }

    [Test]
    public void WritesNothingBeyondItsPlace()
    {
        using DecodedImage image = Image(Noise(9, 7), 9, 7);
        foreach (ResizeKernel kernel in Kernels)
        {
            Preprocessing preprocessing = Preprocessing.Bvlc with { Width = 5, Height = 3, Kernel = kernel };
            float[] buffer = new float[60];
            Array.Fill(buffer, float.NaN);
            ImageInput.WriteInto(image, preprocessing, mirror: false, buffer.AsSpan(5));
            Assert.That(buffer[..5].Concat(buffer[50..]), Is.All.NaN, kernel.ToString());
            Assert.That(buffer[5..50], Has.None.NaN, kernel.ToString());
        }
    }

    [Test]
    public void TheBitsDoNotDependOnTheProcessor()
    {
        if (ChildProcess.IsChild)
            return;
        TestTotals totals = ChildProcess.RunTests("FullyQualifiedName~GoldenPhotographTests|FullyQualifiedName~ResizeTests", new Dictionary<string, string?> { ["DOTNET_EnableHWIntrinsic"] = "0" });
        Assert.That(totals.Failed, Is.Zero, totals.Output);
        Assert.That(totals.Passed, Is.GreaterThan(10), totals.Output);
    }

    [TestCase(AlphaHandling.Drop, 200, 100, 50)]
    [TestCase(AlphaHandling.OverWhite, 233, 193, 173)]
    [TestCase(AlphaHandling.OverBlack, 80, 40, 20)]
    public void ResolvesTransparency(AlphaHandling alpha, int blue, int green, int red)
    {
        // An alpha of 102 is 0.4.
        ImageSource source = ImageSource.FromPixels(new byte[] { 200, 100, 50, 102 }, 1, 1, format: PixelFormat.Bgra32);
        float[] values = Values(source, Preprocessing.Article with { Width = 1, Height = 1, Alpha = alpha });
        Assert.That(values, Is.EqualTo(new float[] { blue, green, red }));
    }

    internal static float[] Values(ImageSource source, Preprocessing preprocessing)
    {
        using DecodedImage image = source.Decode(preprocessing.AutoOrient, ImageLimits.Default);
        return GoldenImage.Input(image, preprocessing);
    }

    internal static byte[] Noise(int w, int h)
    {
        byte[] pixels = new byte[w * h * 3];
        new Random((w * 1000) + h).NextBytes(pixels);
        // Extremes show overflow.
        for (int i = 0; i < pixels.Length; i += 3)
            pixels[i] = pixels[i] < 128 ? (byte)0 : (byte)255;
        return pixels;
    }

    internal static DecodedImage Image(byte[] bgr, int w, int h) => ImageSource.FromPixels(bgr, w, h).Decode(true, ImageLimits.Default);

    private static byte[] Mirror(byte[] bgr, int w, int h) =>
        [.. Enumerable.Range(0, w * h).SelectMany(i => bgr.AsSpan(((i / w * w) + (w - 1 - (i % w))) * 3, 3).ToArray())];

    // One in four halves both sides exactly, one in four keeps one side.
    private static Arbitrary<(int W, int H, int TargetW, int TargetH)> Sizes()
    {
        Gen<int> side = Gen.Choose(1, 40);
        Gen<(int, int, int, int)> any = side.Four().Select(s => (s.Item1, s.Item2, s.Item3, s.Item4));
        return Gen.Choose(0, 3).SelectMany(kind => any.Select(s => kind switch
        {
            0 => (2 * s.Item3, 2 * s.Item4, s.Item3, s.Item4),
            1 => (s.Item1, s.Item2, s.Item1, s.Item4),
            _ => s,
        })).ToArbitrary();
    }
}
