using AlexNetTF.Datasets;
using AlexNetTF.Imaging;

namespace AlexNetTF.Vision.Tests.Datasets;

/// <summary>Random changes: what is decided, and what becomes of the pixels, against naive twins.</summary>
public class AugmentationTests
{
    private static readonly Augmentation All = new() { Flip = true, CropMinArea = 0.25, CropMaxArea = 0.81, Brightness = 0.3, Contrast = 0.5 };

    [Test]
    public void OrderIsTheSameOnEveryPlatform()
    {
        // By SplitMix64 and Lemire's bound written in another language.
        Assert.That(EpochOrder.Shuffle(10, 1, 0), Is.EqualTo(new[] { 3, 2, 9, 8, 0, 7, 6, 4, 5, 1 }));
        Assert.That(EpochOrder.Shuffle(10, -1, 1), Is.EqualTo(new[] { 3, 5, 2, 6, 9, 1, 8, 7, 0, 4 }));
        Assert.That(EpochOrder.Shuffle(0, 1, 0), Is.Empty);
    }

    [Test]
    public void EveryPlaceIsEquallyLikely()
    {
        const int Rounds = 4000;
        int[,] counts = new int[5, 5];
        for (int epoch = 0; epoch < Rounds; epoch++)
        {
            int[] order = EpochOrder.Shuffle(5, 9, epoch);
            for (int place = 0; place < 5; place++)
                counts[order[place], place]++;
        }

        // Six deviations of a binomial distribution of 1/5.
        double bound = 6 * Math.Sqrt(Rounds * 0.2 * 0.8);
        Assert.That(counts.Cast<int>(), Has.All.InRange((Rounds / 5) - bound, (Rounds / 5) + bound));
    }

    [Test]
    public void DecisionsDependOnSeedEpochAndItemAlone()
    {
        AugmentedItem first = All.Decide(3, 1, 2);
        Assert.That(All.Decide(3, 1, 2), Is.EqualTo(first));
        AugmentedItem[] decisions = [All.Decide(3, 1, 2), All.Decide(4, 1, 2) with { Index = 3 }, All.Decide(3, 2, 2), All.Decide(3, 1, 3), All.Decide(3, 2, 1)];
        Assert.That(decisions, Is.Unique);
    }

    [Test]
    public void OneOptionDoesNotMoveTheOthers()
    {
        for (int item = 0; item < 50; item++)
        {
            AugmentedItem all = All.Decide(item, 1, 0);
            Assert.That(Augmentation.Article.Decide(item, 1, 0), Is.EqualTo(new AugmentedItem(item, all.Mirror)));
            Assert.That(new Augmentation { Contrast = 0.5 }.Decide(item, 1, 0).Jitter, Is.EqualTo(new ImageJitter(Contrast: all.Jitter.Contrast)));
        }
    }

    [Test]
    public void DecisionsKeepToTheirRangesAndUseThem()
    {
        AugmentedItem[] decisions = [.. Enumerable.Range(0, 2000).Select(item => All.Decide(item, 1, 0))];
        Assert.That(decisions.Count(item => item.Mirror), Is.InRange(865, 1135));
        Spread(decisions.Select(item => item.Jitter.CropScale * item.Jitter.CropScale), 0.25, 0.81);
        Spread(decisions.Select(item => item.Jitter.CropX), 0, 1);
        Spread(decisions.Select(item => item.Jitter.CropY), 0, 1);
        Spread(decisions.Select(item => (double)item.Jitter.Brightness), -0.3, 0.3);
        Spread(decisions.Select(item => (double)item.Jitter.Contrast), -0.5, 0.5);

        static void Spread(IEnumerable<double> values, double from, double to)
        {
            double[] all = [.. values];
            double slack = (to - from) / 100;
            Assert.That(all.Min(), Is.InRange(from - 1e-6, from + slack));
            Assert.That(all.Max(), Is.InRange(to - slack, to + 1e-6));
            Assert.That(all.Average(), Is.EqualTo((from + to) / 2).Within(4 * slack));
        }
    }

    [TestCase(0.5, 0, 0, false)]
    [TestCase(0.5, 0.999, 0.999, true)]
    [TestCase(0.77, 0.4, 0.6, true)]
    [TestCase(0.001, 0.5, 0.5, false)]
    [TestCase(1, 0.5, 0.5, true)]
    public void ACropIsResizedAsAPictureOfItsOwn(double scale, double x, double y, bool mirror)
    {
        const int Width = 30, Height = 21;
        byte[] pixels = Noise(Width, Height);
        int width = Math.Max(1, (int)Math.Round(Width * scale)), height = Math.Max(1, (int)Math.Round(Height * scale));
        int left = (int)((Width - width + 1) * x), top = (int)((Height - height + 1) * y);
        byte[] cut = [.. Enumerable.Range(top, height).SelectMany(row => pixels.Skip(3 * ((row * Width) + left)).Take(3 * width))];
        Preprocessing preprocessing = Preprocessing.Bvlc with { Width = 13, Height = 11 };
        Assert.That(
            Run(ImageSource.FromPixels(pixels, Width, Height), preprocessing, mirror, new(scale, x, y)),
            Is.EqualTo(Run(ImageSource.FromPixels(cut, width, height), preprocessing, mirror, default)));
    }

    [TestCase(0.2f, 0f)]
    [TestCase(-0.7f, 0f)]
    [TestCase(0f, 0.5f)]
    [TestCase(0.1f, -1f)]
    [TestCase(-0.25f, 0.9f)]
    public void BrightnessAndContrastChangePixelsBeforeTheMean(float brightness, float contrast)
    {
        ImageSource source = ImageSource.FromPixels(Noise(20, 20), 20, 20);
        Preprocessing plain = Preprocessing.Article with { Width = 9, Height = 7 };
        Preprocessing full = plain with { Mean = new(104, 117, 124), Channels = ChannelOrder.Rgb, Divisor = 2, Std = ChannelValues.All(3) };
        float[] before = Run(source, plain, mirror: false, default);
        float[] after = Run(source, full, mirror: false, new(Brightness: brightness, Contrast: contrast));
        double[] mean = [104, 117, 124];
        double[] expected = new double[before.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            // Blue, green, red become red, green, blue.
            double pixel = before[i - (i % 3) + 2 - (i % 3)];
            double toned = Math.Clamp(((pixel - 127.5) * (1 + contrast)) + 127.5 + (255 * brightness), 0, 255);
            expected[i] = ((toned / 2) - mean[i % 3]) / 3;
        }

        Assert.That(after, Is.EqualTo(expected).Within(1e-4));
    }

    [TestCase("", false, false, false)]
    [TestCase("none", false, false, false)]
    [TestCase("flip", true, false, false)]
    [TestCase("crop, Color", false, true, true)]
    [TestCase("flip,crop,color", true, true, true)]
    public void NamesOfTheTool(string names, bool flip, bool crop, bool color)
    {
        Augmentation read = Augmentation.FromNames(names).Validated();
        Assert.That((read.Flip, read.CropMinArea < 1, read.Brightness > 0 && read.Contrast > 0), Is.EqualTo((flip, crop, color)));
        Assert.That(read.OnlyFlips, Is.EqualTo(!crop && !color));
        Assert.That(() => Augmentation.FromNames("flip,spin"), Throws.TypeOf<AlexNetException>().With.Message.Contains("spin"));
    }

    [Test]
    public void ValuesOutOfRangeAreRefused()
    {
        Augmentation[] wrong =
        [
            new() { CropMinArea = 0 }, new() { CropMinArea = 0.9, CropMaxArea = 0.8 }, new() { CropMaxArea = 1.1 }, new() { CropMinArea = double.NaN },
            new() { Brightness = -0.1 }, new() { Brightness = double.NaN }, new() { Contrast = 1.1 },
        ];
        foreach (Augmentation augmentation in wrong)
            Assert.That(augmentation.Validated, Throws.TypeOf<AlexNetException>(), augmentation.ToString());
    }

    private static byte[] Noise(int width, int height)
    {
        var random = new SeededRandom(1, 2);
        byte[] bytes = new byte[width * height * 3];
        foreach (ref byte value in bytes.AsSpan())
            value = (byte)random.NextBelow(256);
        return bytes;
    }

    private static float[] Run(ImageSource source, Preprocessing preprocessing, bool mirror, ImageJitter jitter)
    {
        float[] values = new float[preprocessing.Width * preprocessing.Height * 3];
        ImageInput.WriteInto(source, preprocessing, ImageLimits.Default, mirror, values, jitter);
        return values;
    }
}
