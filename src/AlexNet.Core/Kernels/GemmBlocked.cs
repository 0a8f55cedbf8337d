using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The general product. C is cut into blocks of rows and columns; a block walks the depth in strips: the strip's rows of B are
/// read in the order of memory and packed in panels for the second-level cache, the next strip is asked for while this one is
/// multiplied, and the sums stay beside them. A strip is one partial sum.
/// </summary>
internal static unsafe class GemmBlocked
{
    private const int BlockRows = 192;
    private const int BlockPanels = 8;
    private const int TileFloats = GemmTile.MaxRows * GemmPack.PanelColumns;

    internal static void Run<T, E>(in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int threads)
        where T : unmanaged
        where E : IGemmElement<T>
    {
        int rowBlocks = (shape.M + BlockRows - 1) / BlockRows;
        int panels = GemmPack.Panels(shape.N);
        int wanted = Math.Max(1, 2 * Workers.Resolve(threads) / rowBlocks);
        int blockPanels = Math.Clamp((panels + wanted - 1) / wanted, 1, BlockPanels);
        int columnBlocks = (panels + blockPanels - 1) / blockPanels;
        Workers.ForSimd(threads, rowBlocks * columnBlocks, new Job<T, E>(shape, a, b, c, epilogue, rowBlocks, blockPanels));
    }

    /// <summary>Rows of the next tile when <paramref name="left"/> rows are left: full tiles, the last two balanced.</summary>
    internal static int NextTile(int left, int full)
    {
        int over = left - full;
        return over <= 0 ? left
            : over >= full || 2 * over >= full ? full
            : (left + 1) / 2;
    }

    private struct Job<T, E>(
        in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int rowBlocks, int blockPanels)
        : ISimdBlock
        where T : unmanaged
        where E : IGemmElement<T>
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _a = a;
        private readonly T* _b = b;
        private readonly float* _c = c;
        private readonly int _rowBlocks = rowBlocks;
        private readonly int _blockPanels = blockPanels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            // Equal shares, in whole tiles.
            int tiles = (_shape.M + V.TileRows - 1) / V.TileRows, rowBlock = block % _rowBlocks;
            int row = (int)((long)tiles * rowBlock / _rowBlocks) * V.TileRows;
            int rows = Math.Min(_shape.M, (int)((long)tiles * (rowBlock + 1) / _rowBlocks) * V.TileRows) - row;
            int column = block / _rowBlocks * _blockPanels * GemmPack.PanelColumns;
            int columns = Math.Min(_blockPanels * GemmPack.PanelColumns, _shape.N - column);

            int panels = GemmPack.Panels(columns), maxTiles = (rows + V.TileRows - 1) / V.TileRows + 1;
            int strip = Math.Clamp(_shape.K, 1, Gemm.DepthBlock);
            long packedB = (long)panels * strip * GemmPack.PanelColumns, packedA = (long)maxTiles * strip * GemmTile.MaxRows;
            // One strip needs no memory for sums but a tile's.
            int tileStep = _shape.K <= strip ? 0 : TileFloats;
            float* b = (float*)Scratch.Get(sizeof(float) * (packedB + packedA + TileFloats + (long)maxTiles * panels * tileStep));
            var buffers = new Buffers { B = b, A = b + packedB, Sums = b + packedB + packedA, TileStep = tileStep };
            for (int k = 0; k == 0 || k < _shape.K; k += strip)
            {
                int depth = Math.Min(strip, _shape.K - k);
                PackRows<V>(row, rows, k, depth, buffers.A);
                PackColumns<V>(column, columns, k, depth, buffers.B);
                Strip<V>(row, rows, column, columns, k, depth, buffers);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void PackRows<V>(int row, int rows, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            int tileRows;
            for (int r = 0; r < rows; r += tileRows, target += (long)depth * GemmTile.MaxRows)
            {
                tileRows = NextTile(rows - r, V.TileRows);
                if (_shape.TransposeA)
                    GemmPack.TileFromColumns(_a + (long)k * _shape.Lda + row + r, _shape.Lda, tileRows, depth, target);
                else
                    GemmPack.TileFromRows(_a + (long)(row + r) * _shape.Lda + k, _shape.Lda, tileRows, depth, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void PackColumns<V>(int column, int columns, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            if (!_shape.TransposeB)
            {
                GemmPack.PanelsFromRows<V, T, E>(_b + (long)k * _shape.Ldb + column, _shape.Ldb, depth, columns, target);
                return;
            }
            for (int j = 0; j < columns; j += GemmPack.PanelColumns, target += depth * GemmPack.PanelColumns)
            {
                GemmPack.PanelFromColumns((float*)_b + (long)(column + j) * _shape.Ldb + k, _shape.Ldb, depth,
                    Math.Min(GemmPack.PanelColumns, columns - j), target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Strip<V>(int row, int rows, int column, int columns, int k, int depth, in Buffers buffers)
            where V : struct, ISimd<V>
        {
            bool last = k + depth >= _shape.K;
            var tile = new GemmTile
            {
                A = buffers.A,
                RowStride = 1,
                DepthStride = GemmTile.MaxRows,
                Depth = depth,
                Runs = 1,
                BStride = GemmPack.PanelColumns,
                Add = k > 0,
                Ahead = (float*)(_b + (long)(k + depth) * _shape.Ldb + column),
                AheadStride = _shape.TransposeB || last ? 0 : _shape.Ldb * sizeof(T) / sizeof(float),
            };
            float* sums = buffers.Sums;
            int tileRows, aheadLines = columns * sizeof(T) / 64;
            for (int r = 0; r < rows; r += tileRows, tile.A += (long)depth * GemmTile.MaxRows)
            {
                tileRows = NextTile(rows - r, V.TileRows);
                float* b = buffers.B;
                for (int j = 0; j < columns; j += GemmPack.PanelColumns, b += depth * GemmPack.PanelColumns, sums += buffers.TileStep)
                {
                    int width = Math.Min(GemmPack.PanelColumns, columns - j);
                    float* c = _c + (long)(row + r) * _shape.Ldc + column + j;
                    bool direct = last && k == 0 && width == GemmPack.PanelColumns && _epilogue.IsPlain;
                    tile.DStride = direct ? _shape.Ldc : GemmPack.PanelColumns;
                    if (last && _epilogue.ReadsC)
                        PrefetchRows(c + GemmPack.PanelColumns, tileRows);
                    Panel<V>(ref tile, tileRows, width, b, direct ? c : sums);
                    if (last && !direct)
                        _epilogue.Apply<V>(sums, GemmPack.PanelColumns, c, _shape.Ldc, tileRows, width, column + j);
                    // Each call asks for one more line of every row of the next strip.
                    tile.Ahead += 16;
                    if (--aheadLines <= 0)
                        tile.AheadStride = 0;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Panel<V>(ref GemmTile tile, int rows, int width, float* b, float* d) where V : struct, ISimd<V>
        {
            for (int j = 0; j < width; j += 2 * V.Width)
            {
                tile.B = b + j;
                tile.D = d + j;
                GemmTile.Run<V>(rows, width - j <= V.Width, ref tile);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void PrefetchRows(float* c, int rows)
        {
            for (int r = 0; r < rows; r++, c += _shape.Ldc)
            {
                Simd.Prefetch(c);
                Simd.Prefetch(c + 16);
            }
        }
    }

    /// <summary>A block's memory in the thread's scratch; sums of all tiles, or of one where a strip is all of the depth.</summary>
    private struct Buffers
    {
        internal float* A;
        internal float* B;
        internal float* Sums;
        internal int TileStep;
    }
}
