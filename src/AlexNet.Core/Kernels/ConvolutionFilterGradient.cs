using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// dw = Conv2DBackpropFilter(x, dy): dw[u, v, c, o] = Σ over pictures and output cells of x[n, i·stride + u·dilation − pad, …, c]
/// · dy[n, i, j, o]: a matrix product over output cells, with a row for each tap and channel and a column for each output channel.
/// A block owns some rows for one panel of columns and walks through the pictures; x is read where it lies or from a padded copy.
/// <code>
/// var gradient = new ConvolutionFilterGradient(shape);
/// gradient.Run(x, dy, dw, workspace, threads);      // gradient.WorkspaceBytes bytes
/// </code>
/// Order of summation: a picture's output rows are cut into equal pieces of about 192 cells; each is one chain, and the chains'
/// sums are added in the order of rows, then pictures.
/// </summary>
internal sealed unsafe class ConvolutionFilterGradient
{
    private const int SumCells = 192;
    private const int BlockRows = 2400;
    private const long CopyBytes = 48L << 20;

    private readonly ConvShape _shape;
    private readonly bool _copies;
    private readonly int _copyHeight;
    private readonly int _copyWidth;
    private readonly int _pixelPitch;
    private readonly int _rowPitch;
    private readonly int _tapRows;
    private readonly int _taps;
    private readonly int _pieces;
    private readonly int _batch;
    private readonly WinogradFilterGradient? _winograd;

    /// <param name="shape">The sizes of the forward convolution.</param>
    /// <param name="allowWinograd">Whether Winograd's algorithm may be taken; else all is direct.</param>
    /// <param name="forceWinograd">Take it wherever it is possible (for tests), not only where it pays.</param>
    internal ConvolutionFilterGradient(in ConvShape shape, bool allowWinograd = true, bool forceWinograd = false)
    {
        _shape = shape;
        _winograd = allowWinograd ? WinogradFilterGradient.For(shape, forceWinograd) : null;
        _copyHeight = (shape.OutHeight - 1) * shape.StrideY + (shape.KernelHeight - 1) * shape.DilationY + 1;
        _copyWidth = (shape.OutWidth - 1) * shape.StrideX + (shape.KernelWidth - 1) * shape.DilationX + 1;
        bool inside = shape.PadTop <= 0 && shape.PadLeft <= 0
            && _copyHeight - shape.PadTop <= shape.InHeight && _copyWidth - shape.PadLeft <= shape.InWidth;
        _copies = !inside;
        int channels = shape.GroupInChannels;
        _pixelPitch = shape.InChannels;
        _rowPitch = (_copies ? _copyWidth : shape.InWidth) * _pixelPitch;
        // A tap is a piece of filter rows that lie one float apart in x.
        bool merged = shape.DilationX == 1 && shape.Groups == 1;
        _tapRows = merged ? shape.KernelWidth * channels : channels;
        _taps = shape.KernelHeight * (merged ? 1 : shape.KernelWidth);
        _pieces = Math.Clamp((shape.OutHeight * shape.OutWidth + SumCells - 1) / SumCells, 1, Math.Max(1, shape.OutHeight));
        // Direct computation that has to stand in for Winograd's algorithm makes do with its memory.
        long copyBytes = _winograd?.WorkspaceBytes ?? CopyBytes;
        _batch = !_copies ? shape.Batch
            : (int)Math.Clamp(copyBytes / Math.Max(1, CopyLength * sizeof(float)), 1, Math.Max(1, shape.Batch));
    }

    /// <summary>Whether Winograd's algorithm is used.</summary>
    internal bool IsWinograd => _winograd != null;

    /// <summary>Bytes that <see cref="Run"/> needs, for any number of threads.</summary>
    internal long WorkspaceBytes => Math.Max(_winograd?.WorkspaceBytes ?? 0, _copies ? _batch * CopyLength * sizeof(float) : 0);

    private long CopyLength => (long)_copyHeight * _copyWidth * _pixelPitch;

    private long PicturePitch => _copies ? CopyLength : _shape.InPicture;

    private int FilterRows => _taps * _tapRows;

    /// <summary>Computes dw, all of it.</summary>
    internal void Run(float* x, float* dy, float* dw, float* workspace, int threads)
    {
        if (_shape.Batch == 0 || _shape.OutPicture == 0)
            new Span<float>(dw, checked((int)_shape.FilterLength)).Clear();
        else if (_winograd == null)
            RunDirect(x, dy, dw, workspace, threads);
        else
            RunWinograd(_winograd, x, dy, dw, workspace, threads);
    }

    // Winograd's sums mix the pixels of a tile, so that a NaN or an infinity spoils taps that it does not meet by the definition.
    // It always spoils at least one: each pixel counts in some cell, each cell in some tap, and 0 · ∞ is NaN.
    private void RunWinograd(WinogradFilterGradient winograd, float* x, float* dy, float* dw, float* workspace, int threads)
    {
        winograd.Run(x, dy, dw, workspace, threads);
        if (NonFinite.Any(new ReadOnlySpan<float>(dw, checked((int)_shape.FilterLength))))
            RunDirect(x, dy, dw, workspace, threads);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunDirect(float* x, float* dy, float* dw, float* workspace, int threads)
    {
        int columns = _shape.Groups * GemmPack.Panels(_shape.GroupOutChannels);
        int most = (FilterRows + GemmTile.MaxRows - 1) / GemmTile.MaxRows;
        int rowBlocks = Math.Max((FilterRows + BlockRows - 1) / BlockRows, (3 * Workers.Resolve(threads) + columns - 1) / columns);
        rowBlocks = Math.Min(rowBlocks, most);
        for (int first = 0; first < _shape.Batch; first += _batch)
        {
            int pictures = Math.Min(_batch, _shape.Batch - first);
            float* input = x + first * _shape.InPicture;
            if (_copies)
            {
                Workers.For(threads, pictures, new Copy(this, input, workspace));
                input = workspace;
            }
            var block = new Block(this, input, dy + first * _shape.OutPicture, dw, pictures, first > 0, rowBlocks);
            Workers.ForSimd(threads, columns * rowBlocks, block);
        }
    }

    private struct Copy(ConvolutionFilterGradient owner, float* x, float* copy) : IBlock
    {
        private readonly ConvolutionFilterGradient _owner = owner;
        private readonly float* _x = x;
        private readonly float* _copy = copy;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int picture)
        {
            ConvShape s = _owner._shape;
            var target = new Span<float>(_copy + picture * _owner.CopyLength, checked((int)_owner.CopyLength));
            target.Clear();
            int from = Math.Max(0, s.PadLeft), to = Math.Min(_owner._copyWidth, s.InWidth + s.PadLeft);
            for (int row = Math.Max(0, s.PadTop); row < Math.Min(_owner._copyHeight, s.InHeight + s.PadTop) && from < to; row++)
            {
                float* source = _x + picture * s.InPicture
                    + ((long)(row - s.PadTop) * s.InWidth + from - s.PadLeft) * s.InChannels;
                int length = (to - from) * s.InChannels;
                new Span<float>(source, length).CopyTo(target.Slice((row * _owner._copyWidth + from) * s.InChannels, length));
            }
        }
    }

    private struct Block(
        ConvolutionFilterGradient owner, float* x, float* dy, float* dw, int pictures, bool add, int rowBlocks) : ISimdBlock
    {
        private readonly ConvolutionFilterGradient _owner = owner;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dw = dw;
        private readonly int _pictures = pictures;
        private readonly bool _add = add;
        private readonly int _rowBlocks = rowBlocks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            ConvolutionFilterGradient o = _owner;
            ConvShape s = o._shape;
            int panels = GemmPack.Panels(s.GroupOutChannels), rowBlock = block % _rowBlocks;
            block /= _rowBlocks;
            int panel = block % panels, group = block / panels;
            int first = (int)((long)o.FilterRows * rowBlock / _rowBlocks);
            int rows = (int)((long)o.FilterRows * (rowBlock + 1) / _rowBlocks) - first;
            int column = group * s.GroupOutChannels + panel * GemmPack.PanelColumns;
            int columns = Math.Min(GemmPack.PanelColumns, s.GroupOutChannels - panel * GemmPack.PanelColumns);

            int pieceRows = (s.OutHeight + o._pieces - 1) / o._pieces;
            float* sums = (float*)Scratch.Get(sizeof(float) * (long)GemmPack.PanelColumns * (rows + (long)pieceRows * s.OutWidth));
            float* packed = sums + (long)rows * GemmPack.PanelColumns, dw = _dw + (long)first * s.OutChannels + column;
            if (_add)
                CopyRows(dw, s.OutChannels, sums, GemmPack.PanelColumns, rows, columns);
            for (int n = 0; n < _pictures; n++)
            {
                float* x = _x + n * o.PicturePitch + group * s.GroupInChannels;
                for (int piece = 0; piece < o._pieces; piece++)
                {
                    int i = piece * s.OutHeight / o._pieces, end = (piece + 1) * s.OutHeight / o._pieces;
                    float* dy = _dy + n * s.OutPicture + (long)i * s.OutWidth * s.OutChannels + column;
                    GemmPack.PanelFromRows<V>(dy, s.OutChannels, (end - i) * s.OutWidth, columns, packed);
                    float* at = x + (long)i * s.StrideY * o._rowPitch;
                    var ahead = new Ahead(o, at, dy, end - i);
                    Piece<V>(at, end - i, packed, first, rows, columns, sums, _add || n > 0 || piece > 0, ahead);
                }
            }
            CopyRows(sums, GemmPack.PanelColumns, dw, s.OutChannels, rows, columns);
        }

        // Some output rows for all of the block's filter rows, tap by tap.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Piece<V>(
            float* x, int outRows, float* packed, int first, int rows, int columns, float* sums, bool add, Ahead ahead)
            where V : struct, ISimd<V>
        {
            ConvShape s = _owner._shape;
            nint* offsets = stackalloc nint[outRows];
            for (int i = 0; i < outRows; i++)
                offsets[i] = (nint)i * s.StrideY * _owner._rowPitch;
            var tile = new GemmTile
            {
                RowStride = 1,
                DepthStride = (nint)s.StrideX * _owner._pixelPitch,
                Depth = s.OutWidth,
                Runs = outRows,
                RunOffsets = offsets,
                BStride = GemmPack.PanelColumns,
                DStride = GemmPack.PanelColumns,
                Add = add,
            };
            for (int at = first; at < first + rows;)
            {
                int tap = at / _owner._tapRows, end = Math.Min(first + rows, (tap + 1) * _owner._tapRows), tileRows;
                float* corner = x + _owner.TapOffset(tap) - tap * _owner._tapRows;
                for (; at < end; at += tileRows, sums += tileRows * GemmPack.PanelColumns)
                {
                    tileRows = GemmBlocked.NextTile(end - at, V.TileRows);
                    tile.A = corner + at;
                    for (int j = 0; j < columns; j += 2 * V.Width)
                    {
                        tile.B = packed + j;
                        tile.D = sums + j;
                        ahead.Next(ref tile);
                        GemmTile.Run<V>(tileRows, columns - j <= V.Width, ref tile);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyRows(float* source, nint stride, float* target, nint targetStride, int rows, int columns)
        {
            for (int r = 0; r < rows; r++, source += stride, target += targetStride)
                new Span<float>(source, columns).CopyTo(new Span<float>(target, columns));
        }
    }

    /// <summary>
    /// What the next piece needs, to be asked for while this one is multiplied: its panel of dy, whose lines lie far apart, with the
    /// first two calls of the micro-kernel, then the new rows of x. (Behind a picture's end lies the next picture.)
    /// </summary>
    private struct Ahead
    {
        private const int LineFloats = 16;
        private const int PanelLines = GemmPack.PanelColumns / LineFloats;

        private readonly int _cells;
        private readonly nint _dyStride;
        private float* _dy;
        private float* _x;
        private int _panelLines;
        private long _left;

        internal Ahead(ConvolutionFilterGradient owner, float* x, float* dy, int outRows)
        {
            ConvShape s = owner._shape;
            _cells = outRows * s.OutWidth;
            _dyStride = s.OutChannels;
            _dy = dy + _cells * _dyStride;
            _panelLines = PanelLines;
            long rows = (long)(outRows - 1) * s.StrideY + (s.KernelHeight - 1) * s.DilationY + 1;
            _x = x + rows * owner._rowPitch;
            _left = (long)outRows * s.StrideY * owner._rowPitch;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Next(ref GemmTile tile)
        {
            bool dy = _panelLines > 0;
            tile.Ahead = dy ? _dy : _x;
            tile.AheadStride = dy ? _dyStride : _left > 0 ? LineFloats : 0;
            if (dy)
            {
                _panelLines--;
                _dy += LineFloats;
            }
            else if (_left > 0)
            {
                _x += (nint)_cells * LineFloats;
                _left -= (long)_cells * LineFloats;
            }
        }
    }

    // Where the first output cell of a picture meets this tap.
    private long TapOffset(int tap)
    {
        int perRow = _taps / _shape.KernelHeight, u = tap / perRow, v = tap % perRow;
        int top = _copies ? 0 : -_shape.PadTop, left = _copies ? 0 : -_shape.PadLeft;
        return (long)(u * _shape.DilationY + top) * _rowPitch + (long)(v * _shape.DilationX + left) * _pixelPitch;
    }
}
