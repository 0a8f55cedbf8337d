namespace AlexNetTF.Kernels;

/// <summary>
/// Sizes of y = Conv2D(x, w): x [Batch, InHeight, InWidth, InChannels], w [KernelHeight, KernelWidth, InChannels / Groups,
/// OutChannels], y [Batch, OutHeight, OutWidth, OutChannels], all NHWC and HWIO;
/// y[n, i, j, o] = Σ x[n, i·StrideY + u·DilationY − PadTop, j·StrideX + v·DilationX − PadLeft, c]·w[u, v, c, o], x = 0 outside.
/// Output channels fall into Groups equal ranges, each of which sees its own range of input channels. The caller has computed
/// OutHeight and OutWidth by its padding rule; padding may be anything, below zero too.
/// </summary>
internal readonly record struct ConvShape
{
    public ConvShape()
    {
    }

    internal int Batch { get; init; } = 1;

    internal int InHeight { get; init; }

    internal int InWidth { get; init; }

    internal int InChannels { get; init; }

    internal int KernelHeight { get; init; }

    internal int KernelWidth { get; init; }

    internal int OutHeight { get; init; }

    internal int OutWidth { get; init; }

    internal int OutChannels { get; init; }

    internal int Groups { get; init; } = 1;

    internal int StrideY { get; init; } = 1;

    internal int StrideX { get; init; } = 1;

    internal int DilationY { get; init; } = 1;

    internal int DilationX { get; init; } = 1;

    internal int PadTop { get; init; }

    internal int PadLeft { get; init; }

    internal int GroupInChannels => InChannels / Groups;

    internal int GroupOutChannels => OutChannels / Groups;

    /// <summary>Floats of one picture of x.</summary>
    internal long InPicture => (long)InHeight * InWidth * InChannels;

    /// <summary>Floats of one picture of y.</summary>
    internal long OutPicture => (long)OutHeight * OutWidth * OutChannels;

    /// <summary>Floats of w.</summary>
    internal long FilterLength => (long)KernelHeight * KernelWidth * GroupInChannels * OutChannels;

    public override string ToString() =>
        $"[{Batch},{InHeight},{InWidth},{InChannels}] * [{KernelHeight},{KernelWidth},{GroupInChannels},{OutChannels}] -> "
        + $"[{Batch},{OutHeight},{OutWidth},{OutChannels}], groups {Groups}, strides {StrideY} {StrideX}, "
        + $"dilations {DilationY} {DilationX}, before {PadTop} {PadLeft}";
}
