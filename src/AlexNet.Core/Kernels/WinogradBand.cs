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
        int columns = shape.TilesX * shape.Outputs + shape.Taps - 1;
        _sourceColumns = columns * shape.Block;
        bool fits = conv.PadTop == 0 && conv.PadLeft == 0 && shape.Block == 1 && Channels == shape.Channels
            && columns <= _columnLimit && shape.TilesY * shape.Outputs + shape.Taps - 1 <= _rowLimit;
        Copies = !fits;
        PixelPitch = Copies ? Channels : conv.InChannels;
        RowPitch = (Copies ? columns : conv.InWidth) * PixelPitch;
        long tileRow = Math.Max(1, (long)shape.Outputs * RowPitch * sizeof(float));
        TileRows = Copies ? (int)Math.Clamp((Bytes - (shape.Taps - 1L) * RowPitch * sizeof(float)) / tileRow, 1, shape.TilesY) : shape.TilesY;
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
    internal long Length => Copies ? (long)(TileRows * _shape.Outputs + _shape.Taps - 1) * RowPitch : 0;

    /// <summary>
    /// The band that begins with tile row <paramref name="tileRow"/> of the picture at <paramref name="x"/> (already at its group's
    /// channels): in <paramref name="memory"/>, or the picture itself.
    /// </summary>
    internal float* Fill(float* x, int tileRow, int tileRows, float* memory)
    {
        int first = tileRow * _shape.Outputs;
        if (!Copies)
            return x + (long)first * RowPitch;
        int rows = tileRows * _shape.Outputs + _shape.Taps - 1;
        if (_shape.Block == 1)
            CopyRows(x, first, rows, memory);
        else
            CopyBlocks(x, first, rows, memory);
        return memory;
    }

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
    private void CopyBlocks(float* x, int first, int rows, float* target)
    {
        ConvShape conv = _shape.Conv;
        int channels = conv.GroupInChannels, block = _shape.Block;
        new Span<float>(target, rows * RowPitch).Clear();
        for (int i = 0; i < rows * block; i++)
        {
            int row = first * block + i - conv.PadTop;
            if (row < 0 || row >= _rowLimit)
                continue;
            float* cells = target + (long)(i / block) * RowPitch + i % block * block * channels;
            float* source = x + (long)row * conv.InWidth * conv.InChannels;
            if (conv.Groups == 1)
                CopyMerged(source, cells, block * channels);
            else
                CopyCells(source, cells, channels, block);
        }
    }

    // Without groups the cells of a block's row lie side by side in x.
    private void CopyMerged(float* source, float* cells, int piece)
    {
        ConvShape conv = _shape.Conv;
        int length = _columnLimit * conv.InChannels, at = -conv.PadLeft * conv.InChannels;
        for (int j = 0; j < _sourceColumns && at < length; j += _shape.Block, at += piece, cells += Channels)
        {
            int from = Math.Max(0, -at), to = Math.Min(piece, length - at);
            if (from < to)
                new Span<float>(source + at + from, to - from).CopyTo(new Span<float>(cells + from, to - from));
        }
    }

    private void CopyCells(float* source, float* cells, int channels, int block)
    {
        ConvShape conv = _shape.Conv;
        int from = Math.Max(0, conv.PadLeft), to = Math.Min(_sourceColumns, _columnLimit + conv.PadLeft);
        for (int j = from; j < to; j++)
        {
            new Span<float>(source + (long)(j - conv.PadLeft) * conv.InChannels, channels)
                .CopyTo(new Span<float>(cells + (long)(j / block) * Channels + j % block * channels, channels));
        }
    }
}
