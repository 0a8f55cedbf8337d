using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Rows of tiles of one picture and group as the input transform reads them: [rows][columns][channels, padded to 16] with
/// zeros where no picture is and space-to-depth done. Where nothing has to be changed the picture itself is read.
/// </summary>
internal sealed unsafe class WinogradBand
{
    private const long Bytes = 96 * 1024;

    private readonly WinogradShape _shape;
    private readonly int _rowLimit;
    private readonly int _columnLimit;
    private readonly int _sourceColumns;

    internal WinogradBand(WinogradShape shape)
    {
        _shape = shape;
        ConvShape conv = shape.Conv;
        Channels = (shape.Channels + 15) / 16 * 16;
        // Cells that outputs need; tiles that stick out must not see what lies beyond them.
        _rowLimit = Math.Min(conv.InHeight, (conv.OutHeight - 1) * conv.StrideY + conv.KernelHeight - conv.PadTop);
        _columnLimit = Math.Min(conv.InWidth, (conv.OutWidth - 1) * conv.StrideX + conv.KernelWidth - conv.PadLeft);
        int columns = shape.X.Start(shape.X.Tiles) + shape.Taps - 1;
        _sourceColumns = columns * shape.Block;
        bool fits = conv.PadTop == 0 && conv.PadLeft == 0 && shape.Block == 1 && Channels == shape.Channels
            && columns <= _columnLimit && shape.Y.Start(shape.Y.Tiles) + shape.Taps - 1 <= _rowLimit;
        Copies = !fits;
        PixelPitch = Copies ? Channels : conv.InChannels;
        RowPitch = (Copies ? columns : conv.InWidth) * PixelPitch;
        long tileRow = Math.Max(1, (long)shape.Y.Longest * RowPitch * sizeof(float));
        TileRows = Copies ? (int)Math.Clamp((Bytes - (shape.Taps - 1L) * RowPitch * sizeof(float)) / tileRow, 1, shape.Y.Tiles) : shape.Y.Tiles;
    }

    /// <summary>Channels of a pixel, whole vectors of any width.</summary>
    internal int Channels { get; }

    internal int PixelPitch { get; }

    internal int RowPitch { get; }

    /// <summary>Whether <see cref="Fill"/> copies.</summary>
    internal bool Copies { get; }

    /// <summary>Rows of tiles that one band holds.</summary>
    internal int TileRows { get; }

    /// <summary>Floats of a band.</summary>
    internal long Length => Copies ? (long)(TileRows * _shape.Y.Longest + _shape.Taps - 1) * RowPitch + 16 : 0;

    /// <summary>
    /// The band that begins with tile row <paramref name="tileRow"/> of the picture at <paramref name="x"/> (already at its group's
    /// channels): in <paramref name="memory"/>, or the picture itself.
    /// </summary>
    internal float* Fill<V>(float* x, int tileRow, int tileRows, float* memory) where V : struct, ISimd<V>
    {
        int first = _shape.Y.Start(tileRow);
        if (!Copies)
            return x + (long)first * RowPitch;
        int rows = _shape.Y.Start(tileRow + tileRows) - first + _shape.Taps - 1;
        if (_shape.Block == 1)
            CopyRows(x, first, rows, memory);
        else
            CopyBlocks<V>(x, first, rows, memory);
        return memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyRows(float* x, int first, int rows, float* target)
    {
        ConvShape conv = _shape.Conv;
        int channels = _shape.Channels, from = Math.Clamp(conv.PadLeft, 0, _sourceColumns);
        int to = Math.Clamp(_columnLimit + conv.PadLeft, from, _sourceColumns);
        for (int i = 0; i < rows; i++, target += RowPitch)
        {
            int row = first + i - conv.PadTop;
            if (row < 0 || row >= _rowLimit || from == to)
            {
                new Span<float>(target, RowPitch).Clear();
                continue;
            }
            new Span<float>(target, from * Channels).Clear();
            new Span<float>(target + (long)to * Channels, (_sourceColumns - to) * Channels).Clear();
            float* source = x + ((long)row * conv.InWidth + from - conv.PadLeft) * conv.InChannels;
            if (Channels == conv.InChannels)
            {
                new Span<float>(source, (to - from) * Channels).CopyTo(new Span<float>(target + (long)from * Channels, (to - from) * Channels));
                continue;
            }
            for (int j = from; j < to; j++, source += conv.InChannels)
            {
                float* cell = target + (long)j * Channels;
                new Span<float>(source, channels).CopyTo(new Span<float>(cell, channels));
                new Span<float>(cell + channels, Channels - channels).Clear();
            }
        }
    }

    // Cell (i, j) of the band has the channels [row in block][column in block][channel].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyBlocks<V>(float* x, int first, int rows, float* target) where V : struct, ISimd<V>
    {
        ConvShape conv = _shape.Conv;
        int block = _shape.Block, piece = block * conv.GroupInChannels, columns = _sourceColumns / block;
        // Blocks that lie wholly inside x and may be read some floats beyond their end.
        int from = Math.Min(columns, (Math.Max(0, conv.PadLeft) + block - 1) / block);
        int to = Math.Clamp((_columnLimit + conv.PadLeft - (15 + conv.InChannels) / conv.InChannels) / block, from, columns);
        for (int i = 0; i < rows; i++, target += RowPitch)
        {
            int row = (first + i) * block - conv.PadTop;
            bool inside = row >= 0 && row + block <= _rowLimit && conv.Groups == 1;
            int fast = inside ? to : from;
            if (inside)
            {
                float* source = x + ((long)row * conv.InWidth + from * block - conv.PadLeft) * conv.InChannels;
                for (int j = from; j < to; j++, source += piece)
                    CopyBlock<V>(source, conv.InWidth * conv.InChannels, piece, block, target + j * Channels);
            }
            new Span<float>(target, from * Channels).Clear();
            new Span<float>(target + fast * Channels, (columns - fast) * Channels).Clear();
            CopyCells(x, row, 0, from, target);
            CopyCells(x, row, fast, columns, target);
        }
    }

    // Whole vectors; what is too much lies where the next row or block comes, or behind the band.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyBlock<V>(float* source, nint pitch, int piece, int block, float* cell) where V : struct, ISimd<V>
    {
        for (int r = 0; r < block; r++, source += pitch, cell += piece)
        {
            for (int c = 0; c < piece; c += V.Width)
                V.Store(V.Load(source + c), cell + c);
        }
        for (int c = _shape.Channels; c < Channels; c++)
            cell[c - _shape.Channels] = 0;
    }

    // The blocks [from, to) cell by cell, as far as they exist.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyCells(float* x, int row, int from, int to, float* target)
    {
        ConvShape conv = _shape.Conv;
        int channels = conv.GroupInChannels, block = _shape.Block;
        int left = Math.Max(0, from * block - conv.PadLeft), right = Math.Min(_columnLimit, to * block - conv.PadLeft);
        for (int r = 0; r < block; r++)
        {
            if (row + r < 0 || row + r >= _rowLimit)
                continue;
            for (int j = left; j < right; j++)
            {
                float* source = x + ((long)(row + r) * conv.InWidth + j) * conv.InChannels;
                int at = j + conv.PadLeft;
                float* cell = target + (long)(at / block) * Channels + (r * block + at % block) * channels;
                new Span<float>(source, channels).CopyTo(new Span<float>(cell, channels));
            }
        }
    }
}
