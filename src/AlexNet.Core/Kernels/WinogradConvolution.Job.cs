using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

internal sealed unsafe partial class WinogradConvolution
{
    /// <summary>What all blocks of a run know.</summary>
    private readonly struct Job(WinogradConvolution plan, float* x, float* filter, float* y, float* bias, bool relu, int* marks)
    {
        internal readonly WinogradConvolution Plan = plan;
        private readonly float* _x = x;
        private readonly float* _filter = filter;
        private readonly float* _y = y;
        private readonly float* _bias = bias;
        private readonly bool _relu = relu;
        private readonly int* _marks = marks;

        /// <summary>Transforms the tiles [first, end), all within one band, to the places from <paramref name="target"/> on.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Input<V>(int group, long first, long end, ref WinogradCursor target, nint plane, float* memory) where V : struct, ISimd<V>
        {
            WinogradShape shape = Plan._shape;
            WinogradBand band = Plan._band;
            WinogradAxis vertical = shape.Y, horizontal = shape.X;
            int picture = (int)(first / shape.Tiles), tile = (int)(first % shape.Tiles), count = (int)(end - first);
            int row = tile / horizontal.Tiles, rows = (tile + count - 1) / horizontal.Tiles + 1 - row;
            float* x = _x + picture * shape.Conv.InPicture + group * shape.Conv.GroupInChannels;
            float* pixels = band.Fill<V>(x, row, rows, memory);
            for (int i = tile; i < tile + count; i++)
            {
                int down = i / horizontal.Tiles, right = i % horizontal.Tiles;
                bool tall = vertical.IsLong(down), wide = horizontal.IsLong(right);
                float* corner = pixels + (long)(vertical.Start(down) - vertical.Start(row)) * band.RowPitch
                    + (long)horizontal.Start(right) * band.PixelPitch;
                WinogradTransform.Input<V>(shape.Taps, shape.Outputs, tall, wide, corner, band.RowPitch, band.PixelPitch, band.Channels, target, plane);
                target.Next(wide, tall);
            }
        }

        /// <summary>The products of all cells for a panel, to the places of <see cref="WinogradCursor.OverSums"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Multiply<V>(int group, int panel, in WinogradCounts tiles, float* input, nint plane, float* sums) where V : struct, ISimd<V>
        {
            WinogradShape shape = Plan._shape;
            float* filter = _filter + group * Plan._filter.GroupLength + (long)panel * shape.Cells * shape.Channels * GemmPack.PanelColumns;
            WinogradCursor places = WinogradCursor.OverSums(shape, sums, tiles);
            int columns = Math.Min(GemmPack.PanelColumns, shape.Conv.GroupOutChannels - panel * GemmPack.PanelColumns);
            Cells<V>(0, shape.Regular, tiles.All, columns, filter, input, plane, places.Cells);
            Cells<V>(shape.FirstRight, shape.FirstBottom, tiles.Wide, columns, filter, input, plane, places.Right);
            Cells<V>(shape.FirstBottom, shape.Corner, tiles.Tall, columns, filter, input, plane, places.Bottom);
            Cells<V>(shape.Corner, shape.Cells, tiles.Both, columns, filter, input, plane, places.Corner);
        }

        // The cells [first, end), which that many tiles have: sums[tile][cell][32].
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Cells<V>(int first, int end, int tiles, int columns, float* filter, float* input, nint plane, float* sums)
            where V : struct, ISimd<V>
        {
            int channels = Plan._shape.Channels, cells = end - first;
            int chain = Plan._chain;
            bool once = tiles <= V.TileRows;
            var tile = new GemmTile
            {
                RowStride = Plan._channelPitch,
                DepthStride = 1,
                Runs = 1,
                BStride = GemmPack.PanelColumns,
                DStride = cells * GemmPack.PanelColumns,
                // A single call has to ask for all of the next chain's filter, a row of two lines with each term.
                AheadStride = once ? GemmPack.PanelColumns : 16,
                AheadPair = once ? 16 : 0,
            };
            filter += (long)first * channels * GemmPack.PanelColumns;
            input += first * plane;
            for (int cell = first; cell < end; cell++, input += plane, sums += GemmPack.PanelColumns)
            {
                for (int k = 0; k < channels; k += chain)
                {
                    tile.Depth = Math.Min(chain, channels - k);
                    tile.Add = k > 0;
                    float* next = filter + tile.Depth * GemmPack.PanelColumns;
                    tile.Ahead = next;
                    int rows;
                    for (int r = 0; r < tiles; r += rows)
                    {
                        rows = GemmBlocked.NextTile(tiles - r, V.TileRows);
                        tile.A = input + (long)r * Plan._channelPitch + k;
                        for (int j = 0; j < columns; j += 2 * V.Width)
                        {
                            tile.B = filter + j;
                            tile.D = sums + (long)r * cells * GemmPack.PanelColumns + j;
                            GemmTile.Run<V>(rows, columns - j <= V.Width, ref tile);
                        }
                        tile.Ahead += tile.Depth * 16;
                        if (tile.Ahead >= next + tile.Depth * GemmPack.PanelColumns)
                            tile.Ahead = next;
                    }
                    filter = next;
                }
            }
        }

        /// <summary>Output transform of the tiles from <paramref name="first"/> on for a panel.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Output<V>(int group, int panel, long first, in WinogradCounts tiles, float* sums) where V : struct, ISimd<V>
        {
            WinogradShape shape = Plan._shape;
            ConvShape conv = shape.Conv;
            WinogradAxis vertical = shape.Y, horizontal = shape.X;
            int column = panel * GemmPack.PanelColumns, channel = group * conv.GroupOutChannels + column;
            float* bias = stackalloc float[GemmPack.PanelColumns];
            var tile = new WinogradOutput
            {
                Sums = WinogradCursor.OverSums(shape, sums, tiles),
                RowPitch = (nint)conv.OutWidth * conv.OutChannels,
                PixelPitch = conv.OutChannels,
                Channels = Math.Min(GemmPack.PanelColumns, conv.GroupOutChannels - column),
                Bias = bias,
                Floor = _relu ? 0f : float.NegativeInfinity,
            };
            new Span<float>(bias, GemmPack.PanelColumns).Fill(-0f);
            if (_bias != null)
                new Span<float>(_bias + channel, tile.Channels).CopyTo(new Span<float>(bias, tile.Channels));
            for (long i = first; i < first + tiles.All; i++)
            {
                int picture = (int)(i / shape.Tiles), at = (int)(i % shape.Tiles);
                int down = at / horizontal.Tiles, right = at % horizontal.Tiles;
                int row = vertical.Start(down), left = horizontal.Start(right);
                bool tall = vertical.IsLong(down), wide = horizontal.IsLong(right);
                tile.Rows = Math.Min(vertical.Outputs(down), conv.OutHeight - row);
                tile.Columns = Math.Min(horizontal.Outputs(right), conv.OutWidth - left);
                tile.Y = _y + picture * conv.OutPicture + ((long)row * conv.OutWidth + left) * conv.OutChannels + channel;
                if (!tile.Run<V>(shape.Taps, shape.Outputs, tall, wide))
                    _marks[picture] = 1;
                tile.Sums.Next(wide, tall);
            }
        }
    }
}
