namespace AlexNetTF.Kernels;

/// <summary>
/// Sizes of a pooling: x [Batch, InHeight, InWidth, Channels], y [Batch, OutHeight, OutWidth, Channels]; window (i, j) covers
/// the cells i·StrideY − PadTop + u, j·StrideX − PadLeft + v that lie inside x.
/// </summary>
internal readonly record struct PoolShape
{
    public PoolShape()
    {
    }

    internal int Batch { get; init; } = 1;

    internal int InHeight { get; init; }

    internal int InWidth { get; init; }

    internal int Channels { get; init; }

    internal int KernelHeight { get; init; }

    internal int KernelWidth { get; init; }

    internal int OutHeight { get; init; }

    internal int OutWidth { get; init; }

    internal int StrideY { get; init; } = 1;

    internal int StrideX { get; init; } = 1;

    internal int PadTop { get; init; }

    internal int PadLeft { get; init; }

    internal long InPicture => (long)InHeight * InWidth * Channels;

    internal long OutPicture => (long)OutHeight * OutWidth * Channels;

    /// <summary>Rows [from, to) of x in the windows of output row <paramref name="i"/>.</summary>
    internal (int From, int To) Rows(int i) => Clip(i * StrideY - PadTop, KernelHeight, InHeight);

    /// <summary>Columns [from, to) of x in the windows of output column <paramref name="j"/>.</summary>
    internal (int From, int To) Columns(int j) => Clip(j * StrideX - PadLeft, KernelWidth, InWidth);

    private static (int From, int To) Clip(int start, int length, int size)
    {
        int from = Math.Clamp(start, 0, size);
        return (from, Math.Clamp(start + length, from, size));
    }
}
