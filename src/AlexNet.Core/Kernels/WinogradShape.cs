namespace AlexNetTF.Kernels;

/// <summary>
/// How a convolution becomes one of 3 × 3 or 5 × 5 taps with stride 1, for tiles of 4 × 4 outputs, or 5 at the lower and right
/// edges, or all of 3 (<see cref="WinogradAxis"/>). A stride s is resolved by space-to-depth: a block of s × s cells becomes one cell with
/// s·s·channels channels, a filter of k taps one of ⌈k / s⌉.
/// Everything here is a function of filter and picture alone.
/// </summary>
internal sealed class WinogradShape
{
    private WinogradShape(in ConvShape shape, int taps, int outputs)
    {
        Conv = shape;
        Taps = taps;
        Outputs = outputs;
        Size = outputs + taps - 1;
        Block = shape.StrideX;
        Channels = Block * Block * shape.GroupInChannels;
        Y = new WinogradAxis(shape.OutHeight, taps, outputs);
        X = new WinogradAxis(shape.OutWidth, taps, outputs);
        FirstBottom = FirstRight + (X.Long > 0 ? Size : 0);
        Corner = FirstBottom + (Y.Long > 0 ? Size : 0);
        Cells = Corner + (X.Long > 0 && Y.Long > 0 ? 1 : 0);
    }

    internal ConvShape Conv { get; }

    /// <summary>Taps in each direction, 3 or 5.</summary>
    internal int Taps { get; }

    /// <summary>Outputs of a regular tile in each direction, 4 or 3.</summary>
    internal int Outputs { get; }

    /// <summary>Width and height of a regular input tile.</summary>
    internal int Size { get; }

    /// <summary>Cells that every tile has.</summary>
    internal int Regular => Size * Size;

    /// <summary>First of the cells, one for each row, that only wide tiles have.</summary>
    internal int FirstRight => Regular;

    /// <summary>First of the cells, one for each column, that only tall tiles have.</summary>
    internal int FirstBottom { get; }

    /// <summary>The cell that only tiles wide and tall have.</summary>
    internal int Corner { get; }

    /// <summary>Kinds of cells, each with filter values of its own.</summary>
    internal int Cells { get; }

    /// <summary>Cells that space-to-depth joins in each direction: the stride.</summary>
    internal int Block { get; }

    /// <summary>Channels of a group after space-to-depth.</summary>
    internal int Channels { get; }

    internal WinogradAxis Y { get; }

    internal WinogradAxis X { get; }

    /// <summary>Tiles of a picture.</summary>
    internal int Tiles => Y.Tiles * X.Tiles;

    /// <summary>Cells of all tiles of a picture.</summary>
    internal int PictureCells => Y.Cells * X.Cells;

    /// <summary>
    /// The shape, or null where direct convolution is the better choice or, with <paramref name="always"/>, the only one.
    /// With <paramref name="small"/> tiles of 5 taps have 3 outputs: more products, half the rounding.
    /// </summary>
    internal static WinogradShape? For(in ConvShape shape, bool always = false, bool small = false)
    {
        if (shape.StrideX != shape.StrideY || shape.DilationX != 1 || shape.DilationY != 1 || shape.OutPicture == 0)
            return null;
        int tapsY = (shape.KernelHeight + shape.StrideY - 1) / shape.StrideY;
        int tapsX = (shape.KernelWidth + shape.StrideX - 1) / shape.StrideX;
        if (tapsY != tapsX || tapsY is not (3 or 5))
            return null;
        var winograd = new WinogradShape(shape, tapsY, small && tapsY == 5 ? 3 : WinogradTransform.Outputs);
        bool wide = winograd.Channels >= 16 && shape.GroupOutChannels >= 16;
        return always || (wide && winograd.Cost < winograd.DirectCost) ? winograd : null;
    }

    /// <summary>Place of the cell in row i and column j among the <see cref="Cells"/>.</summary>
    internal int Cell(int i, int j) =>
        j < Size ? i < Size ? i * Size + j : FirstBottom + j
        : i < Size ? FirstRight + i : Corner;

    /// <summary>The tiles from <paramref name="first"/> to before <paramref name="end"/>, counted through all pictures.</summary>
    internal WinogradCounts Count(long first, long end)
    {
        int all = (int)(end - first), wide = 0, tall = 0, both = 0;
        if (Cells > Regular)
        {
            for (long tile = first; tile < end; tile++)
            {
                int at = (int)(tile % Tiles);
                bool isWide = X.IsLong(at % X.Tiles), isTall = Y.IsLong(at / X.Tiles);
                wide += isWide ? 1 : 0;
                tall += isTall ? 1 : 0;
                both += isWide && isTall ? 1 : 0;
            }
        }
        return new WinogradCounts(all, wide, tall, both);
    }

    // In multiply-adds. In the time of one cell's input transform the matrix product does about 8 of them for each channel,
    // in that of its output transform 5.
    private long Cost => PictureCells * ((long)Channels * Conv.GroupOutChannels + 8L * Channels + 5L * Conv.GroupOutChannels);

    private long DirectCost =>
        (long)Conv.OutHeight * Conv.OutWidth * Conv.KernelHeight * Conv.KernelWidth * Conv.GroupInChannels * Conv.GroupOutChannels;
}
