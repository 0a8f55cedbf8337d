namespace AlexNetTF.Kernels;

/// <summary>
/// How a convolution becomes one of 3 × 3 or 5 × 5 taps with stride 1, for tiles of 4 × 4 outputs. A stride s is resolved by
/// space-to-depth: a block of s × s cells becomes one cell with s·s·channels channels, a filter of k taps one of ⌈k / s⌉.
/// Everything here is a function of filter and picture alone.
/// </summary>
internal sealed class WinogradShape
{
    private WinogradShape(in ConvShape shape, int taps)
    {
        Conv = shape;
        Taps = taps;
        Size = WinogradTransform.Size(taps);
        Block = shape.StrideX;
        Channels = Block * Block * shape.GroupInChannels;
        TilesY = (shape.OutHeight + WinogradTransform.Outputs - 1) / WinogradTransform.Outputs;
        TilesX = (shape.OutWidth + WinogradTransform.Outputs - 1) / WinogradTransform.Outputs;
    }

    internal ConvShape Conv { get; }

    /// <summary>Taps in each direction, 3 or 5.</summary>
    internal int Taps { get; }

    /// <summary>Width and height of an input tile.</summary>
    internal int Size { get; }

    /// <summary>Values of an input tile.</summary>
    internal int Cells => Size * Size;

    /// <summary>Cells that space-to-depth joins in each direction: the stride.</summary>
    internal int Block { get; }

    /// <summary>Channels of a group after space-to-depth.</summary>
    internal int Channels { get; }

    internal int TilesY { get; }

    internal int TilesX { get; }

    /// <summary>Tiles of a picture.</summary>
    internal int Tiles => TilesY * TilesX;

    /// <summary>
    /// The shape, or null where direct convolution is the better choice or, with <paramref name="always"/>, the only one.
    /// </summary>
    internal static WinogradShape? For(in ConvShape shape, bool always = false)
    {
        if (shape.StrideX != shape.StrideY || shape.DilationX != 1 || shape.DilationY != 1 || shape.OutPicture == 0)
            return null;
        int tapsY = (shape.KernelHeight + shape.StrideY - 1) / shape.StrideY;
        int tapsX = (shape.KernelWidth + shape.StrideX - 1) / shape.StrideX;
        if (tapsY != tapsX || tapsY is not (3 or 5))
            return null;
        var winograd = new WinogradShape(shape, tapsY);
        bool wide = winograd.Channels >= 16 && shape.GroupOutChannels >= 16;
        return always || (wide && winograd.Cost < winograd.DirectCost) ? winograd : null;
    }

    // In multiply-adds. In the time of one cell's input transform the matrix product does about 8 of them for each channel,
    // in that of its output transform 5.
    private long Cost => (long)Tiles * Cells
        * ((long)Channels * Conv.GroupOutChannels + 8L * Channels + 5L * Conv.GroupOutChannels);

    private long DirectCost =>
        (long)Conv.OutHeight * Conv.OutWidth * Conv.KernelHeight * Conv.KernelWidth * Conv.GroupInChannels * Conv.GroupOutChannels;
}
