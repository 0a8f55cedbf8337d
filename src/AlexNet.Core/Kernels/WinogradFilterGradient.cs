using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The gradient of a convolution's filter by Winograd's algorithm (<see cref="WinogradGradient"/>). Group by group and block of
/// tiles by block: x is transformed once for all threads; then, for each panel of 32 output channels, a thread transforms dy and
/// adds for each cell of a tile the product of x, channels × tiles, and dy, tiles × 32, to the panel's sums. At the end they
/// become the filter's gradient.
/// The order of summation is a function of the shape alone: chains of at most 96 tiles, their sums added in the order of tiles
/// within a piece of the blocks, then the pieces' sums in order.
/// </summary>
internal sealed unsafe class WinogradFilterGradient
{
    private const int Panel = GemmPack.PanelColumns;
    private const int BlockTiles = 288;
    private const int Chain = 96;
    private const int FewItems = 8;
    private const long SmallSums = 6 << 20;

    private readonly WinogradShape _shape;
    private readonly WinogradBand _band;
    private readonly float[] _g;
    private readonly int _blockTiles;
    private readonly int _pieces;
    private readonly bool _keeps;
    private readonly WinogradPlanes _input;
    private readonly WinogradPlanes _output;
    private readonly nint _sumsPlane;

    internal WinogradFilterGradient(WinogradShape shape)
    {
        _shape = shape;
        _band = new WinogradBand(shape);
        _g = [.. WinogradTransform.FilterMatrix(shape.Taps).SelectMany(row => row).Select(value => (float)value)];
        long tiles = (long)shape.Conv.Batch * shape.Tiles;
        int unit = shape.Tiles <= BlockTiles ? shape.Tiles : shape.X.Tiles;
        _blockTiles = (int)Math.Min(tiles, Math.Max(1, BlockTiles / unit) * unit);
        int blocks = (int)((tiles + _blockTiles - 1) / _blockTiles);
        _sumsPlane = shape.Channels * Panel + 16;
        long sums = sizeof(float) * PanelSums * Panels;
        _pieces = (int)Math.Clamp(Math.Min(FewItems / Panels, SmallSums / sums), 1, Math.Max(1, _blockTiles / Chain));
        _keeps = blocks > 1 || _pieces > 1;
        // An odd number of cache lines: rows spread over all sets of a cache.
        _input = new WinogradPlanes(shape, _blockTiles, _band.Channels / 16 % 2 == 0 ? _band.Channels + 16 : _band.Channels);
        _output = new WinogradPlanes(shape, (_blockTiles + _pieces - 1) / _pieces, Panel);
    }

    /// <summary>
    /// The plan, or null where direct computation is the better choice or, with <paramref name="always"/>, the only one.
    /// </summary>
    internal static WinogradFilterGradient? For(in ConvShape shape, bool always = false)
    {
        if (shape.Batch == 0 || WinogradShape.For(shape, true) is not { } winograd)
            return null;
        return new WinogradFilterGradient(winograd);
    }

    internal long WorkspaceBytes => sizeof(float) * (_input.Length + (_keeps ? _pieces * Panels * PanelSums : 0));

    private int Panels => GemmPack.Panels(_shape.Conv.GroupOutChannels);

    // The sums of a panel: [cell][channel][32].
    private long PanelSums => _shape.Cells * _sumsPlane;

    /// <summary>Computes dw, all of it; void where it is not finite.</summary>
    internal void Run(float* x, float* dy, float* dw, float* workspace, int threads)
    {
        long tiles = (long)_shape.Conv.Batch * _shape.Tiles;
        float* sums = _keeps ? workspace + _input.Length : null;
        int items = Panels * _pieces;
        int parts = Math.Clamp(2 * Workers.Resolve(threads) / items, 1, (_shape.Channels + 23) / 24);
        for (int group = 0; group < _shape.Conv.Groups; group++)
        {
            for (long first = 0; first < tiles; first += _blockTiles)
            {
                var block = new Block(this, x, dy, dw, workspace, sums, group, first, (int)Math.Min(_blockTiles, tiles - first), parts);
                Workers.ForSimd(threads, block.TileRows, new Transform(block));
                Workers.ForSimd(threads, items * parts, new Multiply(block));
            }
            if (_keeps)
                Workers.ForSimd(threads, Panels * parts, new Finish(new Block(this, x, dy, dw, workspace, sums, group, 0, 0, parts)));
        }
    }

    /// <summary>What the threads know of a block of tiles.</summary>
    private readonly struct Block(
        WinogradFilterGradient plan, float* x, float* dy, float* dw, float* input, float* sums, int group, long first, int tiles, int parts)
    {
        private readonly WinogradFilterGradient _plan = plan;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dw = dw;
        private readonly float* _input = input;
        private readonly float* _sums = sums;
        private readonly int _group = group;
        private readonly long _first = first;
        private readonly int _tiles = tiles;
        private readonly int _parts = parts;

        internal int TileRows => _tiles / _plan._shape.X.Tiles;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void TransformRow<V>(int row) where V : struct, ISimd<V>
        {
            WinogradShape shape = _plan._shape;
            WinogradBand band = _plan._band;
            WinogradAxis vertical = shape.Y, horizontal = shape.X;
            long at = _first + (long)row * horizontal.Tiles;
            int picture = (int)(at / shape.Tiles), down = (int)(at % shape.Tiles) / horizontal.Tiles;
            float* pixels = band.Fill<V>(_x + picture * shape.Conv.InPicture + _group * shape.Conv.GroupInChannels, down, 1,
                (float*)Scratch.Get(sizeof(float) * band.Length));
            WinogradCursor target = _plan._input.Cursor(_input, shape.Count(_first, _first + _tiles), shape.Count(_first, at));
            bool tall = vertical.IsLong(down);
            for (int right = 0; right < horizontal.Tiles; right++)
            {
                bool wide = horizontal.IsLong(right);
                WinogradTransform.Input<V>(shape.Taps, tall, wide, pixels + (long)horizontal.Start(right) * band.PixelPitch,
                    band.RowPitch, band.PixelPitch, band.Channels, target, _plan._input.Plane);
                target.Next(wide, tall);
            }
        }

        // One panel, one piece of the tiles, one part of the channels.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void MultiplyItem<V>(int item) where V : struct, ISimd<V>
        {
            WinogradShape shape = _plan._shape;
            int part = item % _parts;
            item /= _parts;
            int panel = item % _plan.Panels, piece = item / _plan.Panels;
            long first = _first + (long)_tiles * piece / _plan._pieces, end = _first + (long)_tiles * (piece + 1) / _plan._pieces;
            float* dy = (float*)Scratch.Get(sizeof(float) * (_plan._output.Length + (_sums == null ? _plan.PanelSums : 0)));
            float* sums = _sums == null ? dy + _plan._output.Length : _sums + (piece * _plan.Panels + panel) * _plan.PanelSums;
            SpreadPanel<V>(panel, first, end, dy);
            WinogradCounts all = shape.Count(_first, _first + _tiles), before = shape.Count(_first, first), count = shape.Count(first, end);
            WinogradCursor x = _plan._input.Cursor(_input, all, before), y = _plan._output.Cursor(dy, count, default);
            int channel = shape.Channels * part / _parts, channels = shape.Channels * (part + 1) / _parts - channel;
            Cells<V>(0, shape.Regular, count.All, x.Cells, y.Cells, sums, channel, channels);
            Cells<V>(shape.FirstRight, shape.FirstBottom, count.Wide, x.Right, y.Right, sums, channel, channels);
            Cells<V>(shape.FirstBottom, shape.Corner, count.Tall, x.Bottom, y.Bottom, sums, channel, channels);
            Cells<V>(shape.Corner, shape.Cells, count.Both, x.Corner, y.Corner, sums, channel, channels);
            if (_sums == null)
                Gather<V>(sums, 1, panel, channel, channels);
        }

        internal void FinishItem<V>(int item) where V : struct, ISimd<V>
        {
            int panel = item / _parts, part = item % _parts, channels = _plan._shape.Channels;
            int channel = channels * part / _parts;
            Gather<V>(_sums + panel * _plan.PanelSums, _plan._pieces, panel, channel, channels * (part + 1) / _parts - channel);
        }

        // A dy Aᵀ of the tiles [first, end) for one panel.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        private void SpreadPanel<V>(int panel, long first, long end, float* memory) where V : struct, ISimd<V>
        {
            WinogradShape shape = _plan._shape;
            ConvShape conv = shape.Conv;
            WinogradAxis vertical = shape.Y, horizontal = shape.X;
            float* spare = stackalloc float[5 * 5 * Panel];
            int columns = Math.Min(Panel, conv.GroupOutChannels - panel * Panel);
            nint pixelPitch = conv.OutChannels, rowPitch = conv.OutWidth * pixelPitch;
            WinogradCursor target = _plan._output.Cursor(memory, shape.Count(first, end), default);
            for (long i = first; i < end; i++)
            {
                int at = (int)(i % shape.Tiles), down = at / horizontal.Tiles, right = at % horizontal.Tiles;
                bool tall = vertical.IsLong(down), wide = horizontal.IsLong(right);
                int row = vertical.Start(down), column = horizontal.Start(right);
                int rows = Math.Min(vertical.Outputs(down), conv.OutHeight - row), width = Math.Min(horizontal.Outputs(right), conv.OutWidth - column);
                float* dy = _dy + i / shape.Tiles * conv.OutPicture + row * rowPitch + column * pixelPitch + _group * conv.GroupOutChannels + panel * Panel;
                if (columns == Panel && rows == vertical.Outputs(down) && width == horizontal.Outputs(right))
                {
                    WinogradGradient.Spread<V>(shape.Taps, tall, wide, dy, rowPitch, pixelPitch, target, _plan._output.Plane);
                }
                else
                {
                    CopyTile(dy, rowPitch, pixelPitch, rows, width, columns, spare);
                    WinogradGradient.Spread<V>(shape.Taps, tall, wide, spare, 5 * Panel, Panel, target, _plan._output.Plane);
                }
                target.Next(wide, tall);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void CopyTile(float* dy, nint rowPitch, nint pixelPitch, int rows, int width, int columns, float* target)
        {
            new Span<float>(target, 5 * 5 * Panel).Clear();
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < width; j++)
                    new Span<float>(dy + i * rowPitch + j * pixelPitch, columns).CopyTo(new Span<float>(target + (i * 5 + j) * Panel, columns));
            }
        }

        // sums[cell] (+)= xᵀ·dy for the cells [first, end), which that many tiles have.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Cells<V>(int first, int end, int tiles, float* x, float* dy, float* sums, int channel, int channels) where V : struct, ISimd<V>
        {
            bool add = _first > 0;
            sums += first * _plan._sumsPlane + channel * Panel;
            if (tiles == 0 && !add)
            {
                for (int cell = first; cell < end; cell++, sums += _plan._sumsPlane)
                    new Span<float>(sums, channels * Panel).Clear();
                return;
            }
            nint pitch = _plan._input.Pitch, plane = _plan._input.Plane;
            var tile = new GemmTile
            {
                RowStride = 1,
                DepthStride = pitch,
                Runs = 1,
                BStride = Panel,
                DStride = Panel,
                AheadStride = 16,
            };
            x += channel;
            for (int cell = first; cell < end; cell++, x += plane, dy += _plan._output.Plane, sums += _plan._sumsPlane)
            {
                float* next = x + plane - channel;
                tile.Ahead = next;
                for (int k = 0; k < tiles; k += Chain)
                {
                    tile.Depth = Math.Min(Chain, tiles - k);
                    tile.Add = add || k > 0;
                    int rows;
                    for (int r = 0; r < channels; r += rows)
                    {
                        rows = GemmBlocked.NextTile(channels - r, V.TileRows);
                        tile.A = x + k * pitch + r;
                        for (int j = 0; j < Panel; j += 2 * V.Width)
                        {
                            tile.B = dy + k * Panel + j;
                            tile.D = sums + r * Panel + j;
                            GemmTile.Run<V>(rows, false, ref tile);
                        }
                        tile.Ahead += tile.Depth * 16;
                        if (tile.Ahead >= next + tiles * pitch)
                            tile.Ahead = next;
                    }
                }
            }
        }

        // Gᵀ m G of the sums of all pieces, to dw.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        private void Gather<V>(float* sums, int pieces, int panel, int channel, int channels) where V : struct, ISimd<V>
        {
            WinogradShape shape = _plan._shape;
            float* m = stackalloc float[8 * 8 * 16];
            int rows = shape.Size + Math.Min(1, shape.Y.Long), columns = shape.Size + Math.Min(1, shape.X.Long);
            long piece = _plan.Panels * _plan.PanelSums;
            fixed (float* g = _plan._g)
            {
                for (int c = channel; c < channel + channels; c++)
                {
                    for (int j = 0; j < Panel; j += V.Width)
                    {
                        for (int cell = 0; cell < rows * columns; cell++)
                        {
                            float* source = sums + shape.Cell(cell / columns, cell % columns) * _plan._sumsPlane + c * Panel + j;
                            V sum = V.Load(source);
                            for (int p = 1; p < pieces; p++)
                                sum = V.Add(sum, V.Load(source + p * piece));
                            V.Store(sum, m + cell * V.Width);
                        }
                        WinogradGradient.Gather<V>(g, shape.Taps, rows, columns, m);
                        Store<V>(m, c, panel * Panel + j);
                    }
                }
            }
        }

        // One vector of output channels for all taps of an input channel, as far as the filter has them.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Store<V>(float* taps, int channel, int column) where V : struct, ISimd<V>
        {
            WinogradShape shape = _plan._shape;
            ConvShape conv = shape.Conv;
            int inner = channel % conv.GroupInChannels, place = channel / conv.GroupInChannels, count = Math.Min(V.Width, conv.GroupOutChannels - column);
            for (int tap = 0; tap < shape.Taps * shape.Taps; tap++, taps += V.Width)
            {
                int u = tap / shape.Taps * shape.Block + place / shape.Block, v = tap % shape.Taps * shape.Block + place % shape.Block;
                if (u >= conv.KernelHeight || v >= conv.KernelWidth || count <= 0)
                    continue;
                float* target = _dw + (((long)u * conv.KernelWidth + v) * conv.GroupInChannels + inner) * conv.OutChannels + _group * conv.GroupOutChannels + column;
                if (count == V.Width)
                    V.Store(V.Load(taps), target);
                else
                    new Span<float>(taps, count).CopyTo(new Span<float>(target, count));
            }
        }
    }

    private struct Transform(in Block block) : ISimdBlock
    {
        private readonly Block _block = block;

        public readonly void Run<V>(int row) where V : struct, ISimd<V> => _block.TransformRow<V>(row);
    }

    private struct Multiply(in Block block) : ISimdBlock
    {
        private readonly Block _block = block;

        public readonly void Run<V>(int item) where V : struct, ISimd<V> => _block.MultiplyItem<V>(item);
    }

    private struct Finish(in Block block) : ISimdBlock
    {
        private readonly Block _block = block;

        public readonly void Run<V>(int item) where V : struct, ISimd<V> => _block.FinishItem<V>(item);
    }
}
