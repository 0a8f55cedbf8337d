using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The general product: C is cut into blocks; a block walks the depth in strips, packs its rows of A for the second-level
/// cache and each panel of B for the first, and keeps unfinished sums beside them.
/// </summary>
internal static unsafe class GemmBlocked
{
    private const int BlockRows = 192;

    internal static void Run(in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue, int threads)
    {
        int rowBlocks = (shape.M + BlockRows - 1) / BlockRows;
        int panels = GemmPack.Panels(shape.N);
        int wanted = Math.Max(1, 2 * Workers.Resolve(threads) / rowBlocks);
        int blockPanels = Math.Clamp((panels + wanted - 1) / wanted, 1, 16);
        int columnBlocks = (panels + blockPanels - 1) / blockPanels;
        var block = new Block(shape, a, b, c, epilogue, rowBlocks, blockPanels);
        Workers.ForSimd(threads, rowBlocks * columnBlocks, block);
    }

    /// <summary>Rows of the next tile when <paramref name="left"/> rows are left: full tiles, the last two balanced.</summary>
    internal static int NextTile(int left, int full)
    {
        int over = left - full;
        return over <= 0 ? left
            : over >= full || 2 * over >= full ? full
            : (left + 1) / 2;
    }

    private struct Block(
        in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue, int rowBlocks, int blockPanels)
        : ISimdBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _c = c;
        private readonly int _rowBlocks = rowBlocks;
        private readonly int _blockPanels = blockPanels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            // Equal shares, in whole tiles.
            int tiles = (_shape.M + V.TileRows - 1) / V.TileRows;
            int rowBlock = block % _rowBlocks;
            int firstRow = (int)((long)tiles * rowBlock / _rowBlocks) * V.TileRows;
            int rows = Math.Min(_shape.M, (int)((long)tiles * (rowBlock + 1) / _rowBlocks) * V.TileRows) - firstRow;
            int firstPanel = block / _rowBlocks * _blockPanels;
            int panels = Math.Min(_blockPanels, GemmPack.Panels(_shape.N) - firstPanel);

            int strip = Math.Min(Gemm.DepthBlock, _shape.K);
            int maxTiles = (rows + V.TileRows - 1) / V.TileRows + 1;
            int tileFloats = GemmTile.MaxRows * GemmPack.PanelColumns;
            float* packedB = (float*)Scratch.Get(sizeof(float) * (
                (long)strip * GemmPack.PanelColumns
                + (long)maxTiles * strip * GemmTile.MaxRows
                + (long)maxTiles * panels * tileFloats));
            float* packedA = packedB + (long)strip * GemmPack.PanelColumns;
            float* sums = packedA + (long)maxTiles * strip * GemmTile.MaxRows;

            for (int k = 0; k == 0 || k < _shape.K; k += Gemm.DepthBlock)
            {
                int depth = Math.Min(Gemm.DepthBlock, _shape.K - k);
                PackRows<V>(firstRow, rows, k, depth, packedA);
                for (int p = 0; p < panels; p++)
                {
                    PackPanel<V>(firstPanel + p, k, depth, packedB);
                    MultiplyPanel<V>(firstRow, rows, firstPanel + p, k, depth, packedA, packedB,
                        sums + (long)p * maxTiles * tileFloats);
                }
            }
        }

        private readonly void PackRows<V>(int firstRow, int rows, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            int tileRows;
            for (int r = 0; r < rows; r += tileRows, target += (long)depth * GemmTile.MaxRows)
            {
                tileRows = NextTile(rows - r, V.TileRows);
                if (_shape.TransposeA)
                    GemmPack.TileFromColumns(_a + (long)k * _shape.Lda + firstRow + r, _shape.Lda, tileRows, depth, target);
                else
                    GemmPack.TileFromRows(_a + (long)(firstRow + r) * _shape.Lda + k, _shape.Lda, tileRows, depth, target);
            }
        }

        private readonly void PackPanel<V>(int panel, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            int column = panel * GemmPack.PanelColumns;
            int columns = Math.Min(GemmPack.PanelColumns, _shape.N - column);
            if (_shape.TransposeB)
                GemmPack.PanelFromColumns(_b + (long)column * _shape.Ldb + k, _shape.Ldb, depth, columns, target);
            else
                GemmPack.PanelFromRows<V>(_b + (long)k * _shape.Ldb + column, _shape.Ldb, depth, columns, target);
        }

        private readonly void MultiplyPanel<V>(
            int firstRow, int rows, int panel, int k, int depth, float* packedA, float* packedB, float* sums)
            where V : struct, ISimd<V>
        {
            int column = panel * GemmPack.PanelColumns;
            int columns = Math.Min(GemmPack.PanelColumns, _shape.N - column);
            bool last = k + depth >= _shape.K;
            bool direct = last && k == 0 && columns == GemmPack.PanelColumns && _epilogue.IsPlain;
            var tile = new GemmTile
            {
                A = packedA,
                RowStride = 1,
                DepthStride = GemmTile.MaxRows,
                Depth = depth,
                Runs = 1,
                BStride = GemmPack.PanelColumns,
                DStride = direct ? _shape.Ldc : GemmPack.PanelColumns,
                Add = k > 0,
                Ahead = _b + (long)k * _shape.Ldb + column + GemmPack.PanelColumns,
                AheadStride = _shape.TransposeB ? 0 : _shape.Ldb,
            };
            int tileRows;
            for (int r = 0; r < rows; r += tileRows)
            {
                tileRows = NextTile(rows - r, V.TileRows);
                float* c = _c + (long)(firstRow + r) * _shape.Ldc + column;
                float* d = direct ? c : sums;
                for (int j = 0; j < columns; j += 2 * V.Width)
                {
                    tile.B = packedB + j;
                    tile.D = d + j;
                    GemmTile.Run<V>(tileRows, columns - j <= V.Width, ref tile);
                }
                if (last && !direct)
                    _epilogue.Apply<V>(sums, GemmPack.PanelColumns, c, _shape.Ldc, tileRows, columns, column);
                tile.A += (long)depth * GemmTile.MaxRows;
                sums += GemmTile.MaxRows * GemmPack.PanelColumns;
                NextLine(ref tile, r == 0);
            }
        }

        // The first tile asks for the first line of each row of the next panel, the second tile for the other line.
        private static void NextLine(ref GemmTile tile, bool first)
        {
            tile.Ahead = first ? tile.Ahead + 16 : tile.A;
            if (!first)
                tile.AheadStride = 0;
        }
    }
}
