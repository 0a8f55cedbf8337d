using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class WinogradFilterGradientTests
{
    /// <summary>Shapes of one block, of several, and of pieces that threads have to themselves.</summary>
    private static IEnumerable<ConvShape> Tileable()
    {
        foreach (ConvShape s in ConvolutionCases.Tileable())
            yield return s;
        yield return ConvolutionCases.Shape(41, (13, 13), (3, 3), 5, 7, before: (1, 1), after: (1, 1));
        yield return ConvolutionCases.Shape(70, (13, 13), (3, 3), 6, 7, before: (1, 1), after: (1, 1));
        yield return ConvolutionCases.Shape(9, (31, 29), (3, 3), 4, 34, groups: 2, before: (0, 1), after: (1, 0));
        yield return ConvolutionCases.Shape(2, (5, 1500), (3, 3), 2, 3, before: (1, 1), after: (1, 1));
        yield return ConvolutionCases.Shape(17, (25, 26), (5, 5), 3, 5, before: (2, 2), after: (2, 2));
        yield return ConvolutionCases.Shape(3, (58, 61), (9, 10), 2, 5, stride: (4, 4), before: (2, 2), after: (2, 2));
    }

    private static IEnumerable<ConvShape> AlexNet() => ConvolutionCases.AlexNet(4);

    [TestCaseSource(nameof(Tileable))]
    public void EqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        Assert.That(new ConvolutionFilterGradient(s, true, true).IsWinograd, Is.True);
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2);
        float[] dw = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.FilterGradient(s, x.Data, dy.Data, threads, force: true), s.ToString());
        Variants.AssertClose(dw, NaiveConvolution.FilterGradient(s, x.Data, dy.Data), 1e-5, s.ToString());
    }

    [TestCaseSource(nameof(AlexNet))]
    public void AlexNetsLayersAreWinogradAndCloseToDouble(object shape)
    {
        var s = (ConvShape)shape;
        Assert.That(new ConvolutionFilterGradient(s).IsWinograd, Is.True);
        Assert.That(new ConvolutionFilterGradient(s, false).IsWinograd, Is.False);
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2);
        double[] exact = NaiveConvolution.FilterGradientByRows(s, x.Data, dy.Data);
        double tolerance = s.KernelHeight == 5 ? 8e-6 : 5e-6;
        Variants.AssertClose(ConvolutionCases.FilterGradient(s, x.Data, dy.Data, 0), exact, tolerance, "random gradients");
        // Gradients of widely different size and values that are never below zero, as behind a rectifier.
        foreach (ref float value in dy.Span)
            value = MathF.Pow(value, 7);
        foreach (ref float value in x.Span)
            value = Math.Max(0, value);
        exact = NaiveConvolution.FilterGradientByRows(s, x.Data, dy.Data);
        Variants.AssertClose(ConvolutionCases.FilterGradient(s, x.Data, dy.Data, 0), exact, tolerance, "uneven gradients");
    }

    [Test]
    public void ValuesThatAreNotFiniteOrOverflowAreComputedDirectly(
        [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f)] float value, [Values(3, 5)] int taps, [Values(1, 5)] int height)
    {
        ConvShape s = ConvolutionCases.Shape(2, (height, 6), (taps, taps), 2, 3, before: (taps / 2, taps / 2), after: (taps / 2, taps / 2));
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2);
        foreach (Floats values in new[] { x, dy })
        {
            for (int i = 0; i < values.Length; i++)
            {
                float old = values.Data[i];
                values.Data[i] = value;
                float[] dw = ConvolutionCases.FilterGradient(s, x.Data, dy.Data, force: true);
                float[] direct = ConvolutionCases.FilterGradient(s, x.Data, dy.Data, winograd: false);
                if (!float.IsFinite(value))
                    Variants.AssertSameBits(dw, direct, $"{value} at {i}");
                else
                    Assert.That(dw.Select(float.IsFinite), Is.EqualTo(direct.Select(float.IsFinite)), $"overflow at {i}");
                values.Data[i] = old;
            }
        }
    }

    [Test]
    public void InfinityInAStridedConvolutionIsNoticed()
    {
        ConvShape s = ConvolutionCases.Shape(1, (19, 22), (11, 11), 2, 2, stride: (4, 4), before: (1, 1), after: (1, 1));
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2);
        for (int i = 0; i < x.Length; i += 3)
        {
            float old = x.Data[i];
            x.Data[i] = float.PositiveInfinity;
            float[] dw = ConvolutionCases.FilterGradient(s, x.Data, dy.Data, force: true);
            float[] direct = ConvolutionCases.FilterGradient(s, x.Data, dy.Data, winograd: false);
            // The last row and column meet no output.
            if (direct.All(float.IsFinite))
                Assert.That(dw.All(float.IsFinite), $"infinity at {i}");
            else
                Variants.AssertSameBits(dw, direct, $"infinity at {i}");
            x.Data[i] = old;
        }
    }

    [Test]
    public void FewPicturesAreComputedDirectly()
    {
        foreach (ConvShape s in ConvolutionCases.AlexNet(1).Skip(2))
            Assert.That(new ConvolutionFilterGradient(s).IsWinograd, Is.False, s.ToString());
    }

    [Test]
    public void NothingIsAllocated([Values(8, 70)] int batch)
    {
        ConvShape s = ConvolutionCases.Shape(batch, (13, 13), (3, 3), 16, 32, before: (1, 1), after: (1, 1));
        var conv = new ConvolutionFilterGradient(s, true, true);
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2), dw = ConvolutionCases.Filter(s, 3);
        using var workspace = new Floats((conv.WorkspaceBytes / 4) + 1);
        long before = 0;
        for (int i = 0; i < 6; i++)
        {
            if (i == 3)
                before = GC.GetAllocatedBytesForCurrentThread();
            conv.Run(x.Data, dy.Data, dw.Data, workspace.Data, 2);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
