using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>The direct kernels; those by Winograd's algorithm are in WinogradTests.</summary>
public sealed unsafe class ConvolutionTests
{
    private static IEnumerable<ConvShape> Corners() => ConvolutionCases.Corners();

    [TestCaseSource(nameof(Corners))]
    public void ForwardEqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        using var bias = Floats.Random(s.OutChannels, new Random(3));
        float[] y = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, false, threads, winograd: false), s.ToString());
        Variants.AssertClose(y, NaiveConvolution.Forward(s, x.Data, w.Data, bias.Data), 2e-6, s.ToString());
        float[] relu = ConvolutionCases.Forward(s, x.Data, w.Data, bias.Data, true, winograd: false);
        Variants.AssertSameBits(relu, y.Select(v => Math.Max(0f, v)).ToArray(), "relu");
    }

    [TestCaseSource(nameof(Corners))]
    public void InputGradientEqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        using Floats dy = ConvolutionCases.Output(s, 1), w = ConvolutionCases.Filter(s, 2);
        float[] dx = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.InputGradient(s, w.Data, dy.Data, threads, false), s.ToString());
        Variants.AssertClose(dx, NaiveConvolution.InputGradient(s, w.Data, dy.Data), 2e-6, s.ToString());
    }

    [TestCaseSource(nameof(Corners))]
    public void FilterGradientEqualsTheDefinition(object shape)
    {
        var s = (ConvShape)shape;
        using Floats x = ConvolutionCases.Input(s, 1), dy = ConvolutionCases.Output(s, 2);
        float[] dw = Variants.SameBits(s.InChannels + s.OutChannels,
            threads => ConvolutionCases.FilterGradient(s, x.Data, dy.Data, threads, false), s.ToString());
        Variants.AssertClose(dw, NaiveConvolution.FilterGradient(s, x.Data, dy.Data), 2e-6, s.ToString());
    }

    [TestCaseSource(nameof(Corners))]
    public void PictureHasTheSameBitsAloneAndInABatch(object shape)
    {
        var s = (ConvShape)shape with { Batch = 5 };
        using Floats x = ConvolutionCases.Input(s, 1), w = ConvolutionCases.Filter(s, 2);
        float[] all = ConvolutionCases.Forward(s, x.Data, w.Data, threads: 2, winograd: false);
        float[] alone = ConvolutionCases.Forward(s with { Batch = 1 }, x.Data + 3 * s.InPicture, w.Data, threads: 2, winograd: false);
        Variants.AssertSameBits(alone, all.AsSpan(3 * (int)s.OutPicture, (int)s.OutPicture), s.ToString());
    }
}
