using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class WinogradTests
{
    private static IEnumerable<ConvShape> Tileable() => ConvolutionCases.Tileable();

    private static IEnumerable<ConvShape> AlexNet() => ConvolutionCases.AlexNet(1);

    [TestCaseSource(nameof(Tileable))]
    public void ForwardEqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        Assert.That(new Convolution(s, true, true).IsWinograd, Is.True);
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        using var bias = Floats.Random(s.OutChannels, new Random(3));
        float[] y = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, false, threads, force: true), s.ToString());
        Variants.AssertClose(y, NaiveConvolution.Forward(s, x.Data, w.Data, bias.Data), 5e-6, s.ToString());
        float[] relu = ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, true, force: true);
        Variants.AssertSameBits(relu, y.Select(v => Math.Max(0f, v)).ToArray(), "relu");
    }

    private static IEnumerable<ConvShape> StrideOne() => ConvolutionCases.Tileable().Where(s => s.StrideX == 1);

    [TestCaseSource(nameof(StrideOne))]
    public void InputGradientEqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        Assert.That(new ConvolutionInputGradient(s, true, true).IsWinograd, Is.True);
        using Floats dy = ConvolutionCases.Output(s, 1), w = ConvolutionCases.Filter(s, 2);
        float[] dx = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.InputGradient(s, w.Data, dy.Data, threads, force: true), s.ToString());
        Variants.AssertClose(dx, NaiveConvolution.InputGradient(s, w.Data, dy.Data), 5e-6, s.ToString());
        dy.Data[dy.Length / 2] = float.PositiveInfinity;
        Variants.AssertSameBits(ConvolutionCases.InputGradient(s with { Batch = 1 }, w.Data, dy.Data + (s.Batch / 2) * s.OutPicture, force: true),
            ConvolutionCases.InputGradient(s with { Batch = 1 }, w.Data, dy.Data + (s.Batch / 2) * s.OutPicture, winograd: false), "not finite");
    }

    [TestCaseSource(nameof(AlexNet))]
    public void AlexNetsLayersAreWinogradAndCloseToDouble(object shape)
    {
        var s = (ConvShape)shape;
        Assert.That(new Convolution(s).IsWinograd, Is.True);
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        double[] exact = NaiveConvolution.ForwardByRows(s, x.Data, w.Data);
        float[] y = ConvolutionCases.Forward(s, x.Data, w.Data, threads: 0);
        Variants.AssertClose(y, exact, 1e-5, "Winograd");
        float[] direct = ConvolutionCases.Forward(s, x.Data, w.Data, threads: 0, winograd: false);
        Variants.AssertClose(direct, exact, 2e-6, "direct");
    }

    private static IEnumerable<ConvShape> AlexNetStrideOne() => ConvolutionCases.AlexNet(1).Where(s => s.StrideX == 1);

    /// <summary>Gradients of one magnitude, of many, and few large ones among small, as behind pooling and rectifiers.</summary>
    [Test]
    public void AlexNetsInputGradientsAreWinogradAndCloseToDouble(
        [ValueSource(nameof(AlexNetStrideOne))] object shape, [Values("even", "spread", "sparse", "peaks")] string kind)
    {
        var s = (ConvShape)shape;
        Assert.That(new ConvolutionInputGradient(s).IsWinograd, Is.True);
        using Floats dy = ConvolutionCases.Output(s, 1), w = ConvolutionCases.Filter(s, 2);
        var random = new Random(4);
        for (int pixel = 0; pixel < s.OutPicture; pixel += s.OutChannels)
        {
            bool peak = random.Next(40) == 0;
            double decades = 5 * random.NextDouble();
            foreach (ref float value in dy.Span.Slice(pixel, s.OutChannels))
            {
                value *= kind switch
                {
                    "spread" => (float)Math.Pow(10, -decades),
                    "sparse" => random.Next(9) == 0 ? 1 : 0,
                    "peaks" => peak ? 1 : 1e-3f,
                    _ => 1,
                };
            }
        }
        double[] exact = ExactInputGradient(s, w.Data, dy.Data);
        Variants.AssertClose(ConvolutionCases.InputGradient(s, w.Data, dy.Data, threads: 0), exact, s.KernelHeight == 5 ? 5e-6 : 1e-5, "Winograd");
        Variants.AssertClose(ConvolutionCases.InputGradient(s, w.Data, dy.Data, threads: 0, winograd: false), exact, 3e-6, "direct");
    }

    // As the convolution of dy with the flipped filter; the padding of AlexNet's layers is the same on both sides.
    private static double[] ExactInputGradient(in ConvShape s, float* w, float* dy)
    {
        ConvShape flipped = s with
        {
            InHeight = s.OutHeight, InWidth = s.OutWidth, OutHeight = s.InHeight, OutWidth = s.InWidth,
            InChannels = s.OutChannels, OutChannels = s.InChannels,
        };
        using var turned = new Floats(s.FilterLength);
        int taps = s.KernelHeight * s.KernelWidth, ins = s.GroupInChannels, outs = s.GroupOutChannels;
        for (int i = 0; i < turned.Length; i++)
        {
            int o = i % outs, group = i / outs % s.Groups, channel = i / s.OutChannels % ins, tap = taps - 1 - i / s.OutChannels / ins;
            turned.Data[(tap * outs + o) * s.InChannels + group * ins + channel] = w[i];
        }
        return NaiveConvolution.ForwardByRows(flipped, dy, turned.Data);
    }

    [Test]
    public void PictureHasTheSameBitsAloneAndInABatch()
    {
        ConvShape[] shapes =
        [
            ConvolutionCases.Shape(32, (13, 13), (3, 3), 32, 64, groups: 2, before: (1, 1), after: (1, 1)),
            ConvolutionCases.Shape(32, (27, 27), (5, 5), 16, 32, before: (2, 2), after: (2, 2)),
            ConvolutionCases.Shape(32, (51, 51), (11, 11), 3, 32, stride: (4, 4)),
        ];
        foreach (ConvShape s in shapes)
        {
            using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
            float[] all = ConvolutionCases.Forward(s, x.Data, w.Data, threads: 2, force: true);
            foreach (int batch in new[] { 1, 5 })
            {
                float[] few = ConvolutionCases.Forward(s with { Batch = batch }, x.Data + 7 * s.InPicture, w.Data, threads: 3, force: true);
                Variants.AssertSameBits(few, all.AsSpan(7 * (int)s.OutPicture, batch * (int)s.OutPicture), $"{batch} of {s}");
            }
        }
    }

    [Test]
    public void PictureThatIsNotFiniteIsComputedDirectly([Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value)
    {
        ConvShape s = ConvolutionCases.Shape(32, (13, 13), (3, 3), 20, 24, before: (1, 1), after: (1, 1));
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        using var bias = Floats.Random(s.OutChannels, new Random(3));
        float[] finite = ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, true, 2, force: true);
        x.Span[(int)(9 * s.InPicture) + 12 * 13 * 20 + 7] = value;
        float[] direct = ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, true, 2, winograd: false);
        float[] y = ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, true, 2, force: true);
        int picture = (int)s.OutPicture;
        Variants.AssertSameBits(y.AsSpan(9 * picture, picture), direct.AsSpan(9 * picture, picture), "the picture");
        Variants.AssertSameBits(y.AsSpan(0, 9 * picture), finite.AsSpan(0, 9 * picture), "pictures before");
        Variants.AssertSameBits(y.AsSpan(10 * picture), finite.AsSpan(10 * picture), "pictures after");
    }

    [Test]
    public void EveryPlaceOfANaNIsNoticed()
    {
        ConvShape s = ConvolutionCases.Shape(1, (9, 8), (3, 3), 1, 1, before: (0, 1), after: (0, 0));
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        for (int i = 0; i < s.InPicture; i++)
        {
            float old = x.Data[i];
            x.Data[i] = float.NaN;
            float[] y = ConvolutionCases.Forward(s, x.Data, w.Data, force: true);
            Variants.AssertSameBits(y, ConvolutionCases.Forward(s, x.Data, w.Data, winograd: false), $"NaN at {i}");
            x.Data[i] = old;
        }
    }

    [Test]
    public void CellsThatNoOutputNeedsAreNotSeen()
    {
        // Three columns of output read five of seven columns; a tile covers them all.
        ConvShape s = ConvolutionCases.Shape(1, (7, 7), (3, 3), 2, 3, after: (-2, -2));
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        float[] before = ConvolutionCases.Forward(s, x.Data, w.Data, force: true);
        for (int i = 0; i < 49; i++)
        {
            if (i % 7 > 4 || i / 7 > 4)
                x.Span.Slice(2 * i, 2).Fill(float.NaN);
        }
        Variants.AssertSameBits(ConvolutionCases.Forward(s, x.Data, w.Data, force: true), before, "unneeded NaN");
    }

    [Test]
    public void NothingIsAllocated()
    {
        ConvShape s = ConvolutionCases.Shape(8, (13, 13), (3, 3), 16, 32, before: (1, 1), after: (1, 1));
        var conv = new Convolution(s, true, true);
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2), y = ConvolutionCases.Output(s, 3);
        using var prepared = new Floats(conv.FilterBytes / 4);
        using var workspace = new Floats(conv.WorkspaceBytes(2) / 4 + 1);
        conv.PrepareFilter(w.Data, prepared.Data, 2);
        long before = 0;
        for (int i = 0; i < 6; i++)
        {
            if (i == 3)
                before = GC.GetAllocatedBytesForCurrentThread();
            conv.Run(x.Data, w.Data, prepared.Data, y.Data, null, true, workspace.Data, 2);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
