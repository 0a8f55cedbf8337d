using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class PoolingTests
{
    private static PoolShape Shape(int batch, int height, int width, int channels, int kh, int kw, int sy, int sx, bool same)
    {
        int oh = same ? (height + sy - 1) / sy : (height - kh + sy) / sy, ow = same ? (width + sx - 1) / sx : (width - kw + sx) / sx;
        return new PoolShape
        {
            Batch = batch, InHeight = height, InWidth = width, Channels = channels, KernelHeight = kh, KernelWidth = kw,
            OutHeight = oh, OutWidth = ow, StrideY = sy, StrideX = sx,
            PadTop = same ? Math.Max(0, (oh - 1) * sy + kh - height) / 2 : 0,
            PadLeft = same ? Math.Max(0, (ow - 1) * sx + kw - width) / 2 : 0,
        };
    }

    private static IEnumerable<PoolShape> Shapes()
    {
        yield return Shape(1, 1, 1, 1, 1, 1, 1, 1, false);
        yield return Shape(2, 13, 13, 96, 3, 3, 2, 2, false);
        yield return Shape(1, 9, 8, 70, 3, 3, 2, 2, true);
        yield return Shape(3, 7, 6, 5, 2, 3, 1, 1, true);
        yield return Shape(1, 5, 7, 33, 2, 2, 2, 2, true);
        yield return Shape(1, 10, 11, 17, 3, 2, 4, 5, false);
        yield return Shape(1, 6, 6, 130, 5, 5, 1, 1, true);
        yield return Shape(0, 6, 6, 3, 2, 2, 2, 2, false);
    }

    // Values from a small set, so that ties are frequent.
    private static Floats Ties(long length, int seed)
    {
        var random = new Random(seed);
        var x = new Floats(length);
        foreach (ref float v in x.Span)
            v = random.Next(-3, 4);
        return x;
    }

    private static float[] Run(PoolShape s, bool output, Action<IntPtr> kernel)
    {
        using var y = new Floats(s.Batch * (output ? s.OutPicture : s.InPicture));
        kernel((IntPtr)y.Data);
        return y.ToArray();
    }

    [TestCaseSource(nameof(Shapes))]
    public void MaximumAndItsGradient(object shape)
    {
        var s = (PoolShape)shape;
        using Floats x = Ties(s.Batch * s.InPicture, 1), dy = Floats.Random(s.Batch * s.OutPicture, new Random(2));
        float[] y = Variants.SameBits(0, t => Run(s, true, p => MaxPooling.Forward(s, x.Data, (float*)p, t)), "forward");
        Variants.AssertSameBits(y, NaivePooling.Max(s, x.Data), "forward");
        float[] dx = Variants.SameBits(1, t => Run(s, false, p => MaxPooling.Gradient(s, x.Data, dy.Data, (float*)p, t)), "gradient");
        Variants.AssertSameBits(dx, NaivePooling.MaxGradient(s, x.Data, dy.Data), "gradient");
    }

    [TestCaseSource(nameof(Shapes))]
    public void MeanAndItsGradient(object shape)
    {
        var s = (PoolShape)shape;
        using Floats x = Floats.Random(s.Batch * s.InPicture, new Random(1)), dy = Floats.Random(s.Batch * s.OutPicture, new Random(2));
        float[] y = Variants.SameBits(1, t => Run(s, true, p => AveragePooling.Forward(s, x.Data, (float*)p, t)), "forward");
        Variants.AssertClose(y, NaivePooling.Average(s, x.Data), 1e-6, "forward");
        float[] dx = Variants.SameBits(2, t => Run(s, false, p => AveragePooling.Gradient(s, dy.Data, (float*)p, t)), "gradient");
        Variants.AssertClose(dx, NaivePooling.AverageGradient(s, dy.Data), 1e-6, "gradient");
    }

    [Test]
    public void MaximumPassesOverNaNAndMinusInfinity([Values(1, 16, 21)] int channels)
    {
        var s = Shape(1, 4, 4, channels, 2, 2, 2, 2, false);
        float nan = float.NaN, low = float.NegativeInfinity;
        float[,] cells = { { nan, 1, 1, 2 }, { 2, 3, nan, 0 }, { nan, nan, low, low }, { nan, nan, low, low } };
        using var x = new Floats(s.InPicture);
        for (int i = 0; i < x.Length; i++)
            x.Span[i] = cells[i / channels / 4, i / channels % 4];
        using var dy = Floats.Of(Enumerable.Repeat(1f, (int)s.OutPicture).ToArray());
        float[] y = Variants.SameBits(0, t => Run(s, true, p => MaxPooling.Forward(s, x.Data, (float*)p, t)), "forward");
        float[] dx = Variants.SameBits(0, t => Run(s, false, p => MaxPooling.Gradient(s, x.Data, dy.Data, (float*)p, t)), "gradient");
        float[] expected = [3, 2, float.MinValue, float.MinValue];
        float[,] gradient = { { 1, 0, 0, 1 }, { 0, 0, 0, 0 }, { 1, 0, 1, 0 }, { 0, 0, 0, 0 } };
        for (int i = 0; i < y.Length; i++)
            Assert.That(y[i], Is.EqualTo(expected[i / channels]));
        for (int i = 0; i < dx.Length; i++)
            Assert.That(dx[i], Is.EqualTo(gradient[i / channels / 4, i / channels % 4]));
    }

    private static IEnumerable<(LrnParameters P, int Pixels, int Channels, float Scale)> Norms()
    {
        yield return (new LrnParameters(2, 1f, 2e-5f, 0.75f), 40, 96, 300f);
        yield return (new LrnParameters(2, 1f, 1f, 0.75f), 700, 9, 2f);
        yield return (new LrnParameters(5, 1f, 1f, 0.5f), 7, 16, 2f);
        yield return (new LrnParameters(2, 2f, 0.1f, 1f), 5, 33, 2f);
        yield return (new LrnParameters(1, 2f, 1f, 0.6f), 30, 20, 500f);
        yield return (new LrnParameters(0, 1f, 1f, 0.3f), 3, 5, 2f);
        yield return (new LrnParameters(7, 1f, 0.5f, 0.75f), 5, 3, 2f);
        yield return (new LrnParameters(40, 1e-3f, 0.5f, 2.5f), 5, 70, 2f);
        yield return (new LrnParameters(2, 1f, 1f, 0.75f), 9, 1, 2f);
    }

    [TestCaseSource(nameof(Norms))]
    public void LrnAndItsGradient(object parameters)
    {
        var c = ((LrnParameters P, int Pixels, int Channels, float Scale))parameters;
        var random = new Random(4);
        long length = (long)c.Pixels * c.Channels;
        using Floats x = Floats.Random(length, random, c.Scale), dy = Floats.Random(length, random);
        float[] y = Variants.SameBits(0, threads =>
        {
            using var result = new Floats(length);
            Lrn.Forward(c.P, c.Pixels, c.Channels, x.Data, result.Data, threads);
            return result.ToArray();
        }, c.ToString());
        (double[] exact, _) = NaivePooling.Lrn(c.P, c.Channels, x.Span);
        for (int i = 0; i < y.Length; i++)
            Assert.That(y[i], Is.EqualTo(exact[i]).Within(6e-7 * Math.Max(1, c.P.Beta) * Math.Abs(exact[i])), $"{c}, element {i}");
        using var given = Floats.Of(y);
        float[] dx = Variants.SameBits(1, threads =>
        {
            using var result = new Floats(length);
            Lrn.Gradient(c.P, c.Pixels, c.Channels, dy.Data, x.Data, given.Data, result.Data, threads);
            return result.ToArray();
        }, c.ToString());
        Variants.AssertClose(dx, NaivePooling.LrnGradient(c.P, c.Channels, x.Span, dy.Span), 1e-6, c.ToString());
    }

    [Test]
    public void NegativePowerIsCorrectlyRounded()
    {
        var random = new Random(8);
        using var v = new Floats(100_003);
        for (int i = 0; i < v.Length; i++)
            v.Data[i] = BitConverter.Int32BitsToSingle(random.Next(1, 0x7F800000));
        foreach (float beta in new[] { 0.75f, 0.6f, 1.7f, -0.3f, 30f })
        {
            using var y = Floats.Of(v.Span);
            NegativePower.Run(y.Data, y.Length, beta);
            for (int i = 0; i < v.Length; i++)
            {
                double exact = Math.Pow(v.Data[i], -(double)beta);
                float rounded = (float)exact;
                Assert.That(y.Data[i] == rounded || Math.Abs(y.Data[i] - exact) <= 0.50001 * (Math.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded)),
                    Is.True, $"{v.Data[i]:R}^-{beta}: {y.Data[i]:R}, exact {exact:R}");
            }
        }
        using var special = Floats.Of([0f, float.PositiveInfinity, -1f, float.NaN, 1f]);
        NegativePower.Run(special.Data, 5, 0.6f);
        Assert.That(special.ToArray(), Is.EqualTo(new[] { float.PositiveInfinity, 0f, float.NaN, float.NaN, 1f }));
    }

    [Test]
    public void FusedLrnAndPoolingHaveTheBitsOfBoth([Values(true, false)] bool same)
    {
        var s = Shape(3, 27, 25, 40, 3, 3, 2, 2, same);
        var p = new LrnParameters(2, 1f, 0.3f, 0.75f);
        using var x = Floats.Random(s.Batch * s.InPicture, new Random(6), 3f);
        using var normal = new Floats(x.Length);
        Lrn.Forward(p, s.Batch * s.InHeight * s.InWidth, s.Channels, x.Data, normal.Data, 1);
        float[] expected = Run(s, true, y => MaxPooling.Forward(s, normal.Data, (float*)y, 1));
        float[] fused = Variants.SameBits(2, t => Run(s, true, y => LrnMaxPooling.Run(p, s, x.Data, (float*)y, t)), "fused");
        Variants.AssertSameBits(fused, expected, "fused");
    }

    [Test]
    public void BiasGradientIsAFixedSum([Values(1, 5, 70)] int columns, [Values(1, 256, 257, 2000)] int rows)
    {
        using var dy = Floats.Random((long)rows * columns, new Random(9));
        float[] db = Variants.SameBits(rows, threads =>
        {
            using var result = new Floats(columns);
            using var workspace = new Floats(BiasGradient.WorkspaceBytes(rows, columns) / sizeof(float));
            BiasGradient.Run(dy.Data, rows, columns, result.Data, workspace.Data, threads);
            return result.ToArray();
        }, "bias gradient");
        double[] exact = new double[columns];
        for (int i = 0; i < dy.Length; i++)
            exact[i % columns] += dy.Data[i];
        Variants.AssertClose(db, exact, 1e-6 * Math.Max(1, Math.Sqrt(rows) / 3), "bias gradient");
    }
}
