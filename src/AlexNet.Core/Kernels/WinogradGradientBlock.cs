using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The steps of <see cref="WinogradFilterGradient"/> for a block of tiles, and the memory that they fill: x transformed,
/// [cell][tile][channels]; dy transformed for a panel, [cell][tile][32]; a panel's sums, [cell][channel][32].
/// </summary>
internal sealed unsafe class WinogradGradientBlock
{
    private const int Panel = GemmPack.PanelColumns;
    private const int Longest = 5;

    // Terms of one chain of multiply-adds over the tiles. The transforms of 5 taps multiply the rounding of a chain more.
    private const int LongestChain = 72;
    private const int LongestChainOf5Taps = 25;

    private readonly WinogradShape _shape;
    private readonly WinogradBand _band;
    private readonly nint _sumsPlane;
    private readonly int _longestChain;

    internal WinogradGradientBlock(WinogradShape shape, int tiles)
    {
        _shape = shape;
        _band = new WinogradBand(shape);
        Tiles = tiles;
        // An odd number of cache lines: rows spread over all sets of a cache.
        Input = new WinogradPlanes(shape, tiles, _band.Channels / 16 % 2 == 0 ? _band.Channels + 16 : _band.Channels);
        Output = new WinogradPlanes(shape, tiles, Panel);
        _sumsPlane = shape.Channels * Panel + 16;
        _longestChain = shape.Taps == 3 ? LongestChain : LongestChainOf5Taps;
    }

    /// <summary>Tiles of a block: whole pictures, or else whole rows of tiles.</summary>
    internal int Tiles { get; }

    internal WinogradPlanes Input { get; }

    internal WinogradPlanes Output { get; }

    /// <summary>Floats that <see cref="TransformRow"/> needs.</summary>
    internal long BandLength => _band.Length;

    /// <summary>Floats of a panel's sums.</summary>
    internal long SumsLength => _shape.Cells * _sumsPlane;

    // Of whole rows of tiles.
    private WinogradCounts Count(int first, int end)
    {
        int row = _shape.X.Tiles, tall = TallRows(end / row) - TallRows(first / row), wide = _shape.X.Long;
        return new WinogradCounts(end - first, (end - first) / row * wide, tall * row, tall * wide);
    }

    private int TallRows(int rows) => rows / _shape.Y.Tiles * _shape.Y.Long + Math.Max(0, rows % _shape.Y.Tiles - _shape.Y.Short);

    /// <summary>Bᵀ d B for the row of tiles that begins <paramref name="at"/> tiles behind the block's first one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void TransformRow<V>(float* x, int group, int first, int tiles, int at, float* input, float* memory) where V : struct, ISimd<V>
    {
        WinogradAxis vertical = _shape.Y, horizontal = _shape.X;
        int picture = (first + at) / _shape.Tiles, down = (first + at) % _shape.Tiles / horizontal.Tiles;
        float* pixels = _band.Fill<V>(x + picture * _shape.Conv.InPicture + group * _shape.Conv.GroupInChannels, down, 1, memory);
        WinogradCursor target = Input.Cursor(input, Count(first, first + tiles), Count(first, first + at));
        bool tall = vertical.IsLong(down);
        for (int right = 0; right < horizontal.Tiles; right++)
        {
            bool wide = horizontal.IsLong(right);
            WinogradTransform.Input<V>(_shape.Taps, _shape.Outputs, tall, wide, pixels + (long)horizontal.Start(right) * _band.PixelPitch,
                _band.RowPitch, _band.PixelPitch, _band.Channels, target, Input.Plane);
            target.Next(wide, tall);
        }
    }

    /// <summary>A dy Aᵀ of the tiles for one panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    internal void Spread<V>(float* dy, int group, int panel, int first, int tiles, float* output) where V : struct, ISimd<V>
    {
        ConvShape conv = _shape.Conv;
        WinogradAxis vertical = _shape.Y, horizontal = _shape.X;
        float* spare = stackalloc float[Longest * Longest * Panel];
        int columns = Math.Min(Panel, conv.GroupOutChannels - panel * Panel);
        nint pixelPitch = conv.OutChannels, rowPitch = conv.OutWidth * pixelPitch;
        WinogradCursor target = Output.Cursor(output, Count(first, first + tiles), default);
        dy += group * conv.GroupOutChannels + panel * Panel;
        for (int i = first; i < first + tiles; i++)
        {
            int at = i % _shape.Tiles, down = at / horizontal.Tiles, right = at % horizontal.Tiles;
            bool tall = vertical.IsLong(down), wide = horizontal.IsLong(right);
            int row = vertical.Start(down), column = horizontal.Start(right);
            int height = Math.Min(vertical.Outputs(down), conv.OutHeight - row), width = Math.Min(horizontal.Outputs(right), conv.OutWidth - column);
            float* corner = dy + i / _shape.Tiles * conv.OutPicture + row * rowPitch + column * pixelPitch;
            Prefetch(corner + horizontal.Outputs(right) * pixelPitch, rowPitch, pixelPitch, height, width);
            if (columns == Panel && height == vertical.Outputs(down) && width == horizontal.Outputs(right))
            {
                WinogradGradient.Spread<V>(_shape.Taps, tall, wide, corner, rowPitch, pixelPitch, target, Output.Plane);
            }
            else
            {
                CopyTile(corner, rowPitch, pixelPitch, height, width, columns, spare);
                WinogradGradient.Spread<V>(_shape.Taps, tall, wide, spare, Longest * Panel, Panel, target, Output.Plane);
            }
            target.Next(wide, tall);
        }
    }

    // The tile to the right, whose pixels' lines lie far apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* dy, nint rowPitch, nint pixelPitch, int height, int width)
    {
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
            {
                Simd.Prefetch(dy + i * rowPitch + j * pixelPitch);
                Simd.Prefetch(dy + i * rowPitch + j * pixelPitch + 16);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyTile(float* dy, nint rowPitch, nint pixelPitch, int height, int width, int columns, float* target)
    {
        new Span<float>(target, Longest * Longest * Panel).Clear();
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
                new Span<float>(dy + i * rowPitch + j * pixelPitch, columns).CopyTo(new Span<float>(target + (i * Longest + j) * Panel, columns));
        }
    }

    /// <summary>sums (+)= xᵀ·dy for all cells and the channels [channel, end).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Multiply<V>(int first, int tiles, float* input, float* output, float* sums, int channel, int end, bool add) where V : struct, ISimd<V>
    {
        WinogradCounts count = Count(first, first + tiles);
        WinogradCursor x = Input.Cursor(input, count, default), y = Output.Cursor(output, count, default);
        Cells<V>(0, _shape.Regular, count.All, x.Cells, y.Cells, sums, channel, end, add);
        Cells<V>(_shape.FirstRight, _shape.FirstBottom, count.Wide, x.Right, y.Right, sums, channel, end, add);
        Cells<V>(_shape.FirstBottom, _shape.Corner, count.Tall, x.Bottom, y.Bottom, sums, channel, end, add);
        Cells<V>(_shape.Corner, _shape.Cells, count.Both, x.Corner, y.Corner, sums, channel, end, add);
    }

    // The cells [first, last), which that many tiles have.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Cells<V>(int first, int last, int tiles, float* x, float* dy, float* sums, int channel, int end, bool add) where V : struct, ISimd<V>
    {
        int channels = end - channel;
        sums += first * _sumsPlane + channel * Panel;
        var tile = new GemmTile
        {
            RowStride = 1,
            DepthStride = Input.Pitch,
            Runs = 1,
            BStride = Panel,
            DStride = Panel,
            AheadStride = 16,
        };
        int chains = Math.Max(1, (tiles + _longestChain - 1) / _longestChain);
        for (int cell = first; cell < last; cell++, x += Input.Plane, dy += Output.Plane, sums += _sumsPlane)
        {
            float* next = x + Input.Plane;
            tile.Ahead = next;
            for (int chain = 0; chain < chains; chain++)
            {
                int k = tiles * chain / chains;
                tile.Depth = tiles * (chain + 1) / chains - k;
                tile.Add = add || chain > 0;
                int rows;
                for (int r = 0; r < channels; r += rows)
                {
                    rows = GemmBlocked.NextTile(channels - r, V.TileRows);
                    tile.A = x + k * Input.Pitch + channel + r;
                    for (int j = 0; j < Panel; j += 2 * V.Width)
                    {
                        tile.B = dy + k * Panel + j;
                        tile.D = sums + r * Panel + j;
                        GemmTile.Run<V>(rows, false, ref tile);
                    }
                    tile.Ahead += tile.Depth * 16;
                    if (tile.Ahead >= next + tiles * Input.Pitch)
                        tile.Ahead = next;
                }
            }
        }
    }

    /// <summary>
    /// Gᵀ m G for the sums m of all pieces, <paramref name="pieceLength"/> floats apart: the gradient for the channels [channel, end)
    /// and the panel's output channels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    internal void Gather<V>(float* sums, int pieces, long pieceLength, int group, int panel, int channel, int end, float* dw)
        where V : struct, ISimd<V>
    {
        float* m = stackalloc float[8 * 8 * 16];
        nint* places = stackalloc nint[8 * 8];
        int rows = _shape.Size + Math.Min(1, _shape.Y.Long), columns = _shape.Size + Math.Min(1, _shape.X.Long), cells = rows * columns;
        for (int cell = 0; cell < cells; cell++)
            places[cell] = _shape.Cell(cell / columns, cell % columns) * _sumsPlane;
        dw += group * _shape.Conv.GroupOutChannels + panel * Panel;
        int width = Math.Min(Panel, _shape.Conv.GroupOutChannels - panel * Panel);
        for (int c = channel; c < end; c++)
        {
            for (int j = 0; j < width; j += V.Width)
            {
                for (int cell = 0; cell < cells; cell++)
                {
                    float* source = sums + places[cell] + c * Panel + j;
                    V sum = V.Load(source);
                    for (int p = 1; p < pieces; p++)
                        sum = V.Add(sum, V.Load(source + p * pieceLength));
                    V.Store(sum, m + cell * V.Width);
                }
                WinogradGradient.Gather<V>(_shape.Taps, _shape.Y.Long > 0, _shape.X.Long > 0, m);
                Store<V>(m, c, dw + j, Math.Min(V.Width, width - j));
            }
        }
    }

    // Up to a vector of output channels for all taps of an input channel, as far as the filter has them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store<V>(float* taps, int channel, float* dw, int count) where V : struct, ISimd<V>
    {
        ConvShape conv = _shape.Conv;
        int inner = channel % conv.GroupInChannels, place = channel / conv.GroupInChannels;
        int top = place / _shape.Block, left = place % _shape.Block;
        for (int u = top; u < _shape.Taps * _shape.Block; u += _shape.Block)
        {
            for (int v = left; v < _shape.Taps * _shape.Block; v += _shape.Block, taps += V.Width)
            {
                if (u >= conv.KernelHeight || v >= conv.KernelWidth)
                    continue;
                float* target = dw + (((long)u * conv.KernelWidth + v) * conv.GroupInChannels + inner) * conv.OutChannels;
                if (count == V.Width)
                    V.Store(V.Load(taps), target);
                else
                    new Span<float>(taps, count).CopyTo(new Span<float>(target, count));
            }
        }
    }
}
