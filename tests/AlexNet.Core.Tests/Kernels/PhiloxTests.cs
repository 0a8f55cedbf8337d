using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Numbers published by TensorFlow for its seeds, and the independence of places and threads.</summary>
public sealed unsafe class PhiloxTests
{
    private static readonly Philox s_published = new(87654321, 1);

    private delegate void Fill(in Philox random, ulong sample, float* y, long count, int threads);

    private static float[] Get(Fill fill, Philox random, ulong sample, int count, int threads = 1)
    {
        using var y = new Floats(count);
        fill(random, sample, y.Data, count, threads);
        return y.ToArray();
    }

    [Test]
    public void UniformEqualsTensorFlow()
    {
        Assert.That(Get(RandomFill.Uniform, s_published, 0, 8), Is.EqualTo(new[]
        {
            0.2390374f, 0.92039955f, 0.050512433f, 0.49574447f, 0.8355223f, 0.026470423f, 0.08811307f, 0.4566604f,
        }));
        Assert.That(Get(RandomFill.Uniform, s_published, RandomSeeds.SamplesPerOutput, 1)[0], Is.EqualTo(0.22267115f));
        Assert.That(Get(RandomFill.Uniform, s_published, 2 * RandomSeeds.SamplesPerOutput, 1)[0], Is.EqualTo(0.34304976f));
        Assert.That(Get(RandomFill.Uniform, new Philox(42, 478163327), 0, 3), Is.EqualTo(new[] { 0.6645621f, 0.44100678f, 0.3528825f }));
    }

    [Test]
    public void NormalEqualsTensorFlow() => Assert.That(Get(RandomFill.Normal, s_published, 0, 6), Is.EqualTo(new[]
    {
        -0.8113182f, 1.4845988f, 0.06532937f, -2.4427042f, 0.0992484f, 0.5912243f,
    }));

    [Test]
    public void TruncatedNormalEqualsTensorFlow() => Assert.That(Get(RandomFill.TruncatedNormal, s_published, 0, 6), Is.EqualTo(new[]
    {
        -0.8113182f, 1.4845988f, 0.06532937f, 0.0992484f, 0.6396971f, 1.6108712f,
    }));

    [Test]
    public void EveryPlaceKnowsItsSample([Values(1, 2, 3, 7)] int threads)
    {
        foreach (Fill fill in new Fill[] { RandomFill.Uniform, RandomFill.Normal, RandomFill.TruncatedNormal })
        {
            float[] all = Get(fill, s_published, 5, 30_000, threads);
            Variants.AssertSameBits(all, Get(fill, s_published, 5, 30_000), "threads");
            for (int count = 1; count < 9; count++)
                Variants.AssertSameBits(Get(fill, s_published, 5, count), all.AsSpan(0, count), "prefix");
        }
        float[] later = Get(RandomFill.Uniform, s_published, 5 + 2048, 100, threads);
        Variants.AssertSameBits(later, Get(RandomFill.Uniform, s_published, 5, 30_000).AsSpan(8192, 100), "skip ahead");
    }

    [Test]
    public void DoublesAndIntegersUseTheSameWords()
    {
        uint* words = stackalloc uint[8];
        double* doubles = stackalloc double[4];
        int* ints = stackalloc int[8];
        long* longs = stackalloc long[4];
        RandomFill.Words(s_published, 3, words, 8, 1);
        RandomFill.Uniform(s_published, 3, doubles, 4, 1);
        RandomFill.UniformInt(s_published, 3, -3, 50, ints, 8, 1);
        RandomFill.UniformInt(s_published, 3, -3L, 5_000_000_000L, longs, 4, 1);
        for (int i = 0; i < 8; i++)
            Assert.That(ints[i], Is.EqualTo(-3 + (int)(words[i] % 53)));
        for (int i = 0; i < 4; i++)
        {
            double expected = ((words[2 * i] & 0xFFFFF) * 4294967296.0 + words[2 * i + 1]) / 4503599627370496.0;
            Assert.That(doubles[i], Is.EqualTo(expected));
            ulong bits = words[2 * i] | (ulong)words[2 * i + 1] << 32;
            Assert.That(longs[i], Is.EqualTo(-3 + (long)(bits % 5_000_000_003)));
        }
    }

    [Test]
    public void DoubleNormalsHaveTheRightMoments()
    {
        const int Count = 40_001;
        double[] y = new double[Count];
        fixed (double* p = y)
        {
            RandomFill.Normal(s_published, 0, p, Count, 3);
            Assert.That(y.Average(), Is.EqualTo(0).Within(0.02));
            Assert.That(y.Average(v => v * v), Is.EqualTo(1).Within(0.03));
            RandomFill.TruncatedNormal(s_published, 0, p, Count, 3);
        }
        Assert.That(y.Max(Math.Abs), Is.InRange(1.99, 2.0));
        // Variance of a normal variable cut at two deviations: 1 − 4φ(2) / (2Φ(2) − 1).
        Assert.That(y.Average(v => v * v), Is.EqualTo(0.7737).Within(0.02));
    }
}
