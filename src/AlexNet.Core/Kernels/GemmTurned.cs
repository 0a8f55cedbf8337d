using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · Bᵀ for few rows of A: computed as Cᵀ = B · op(A)ᵀ, so that B, the large matrix, is read once, row by row and
/// unpacked, while op(A)ᵀ is packed once for all.
/// </summary>
internal static unsafe class GemmTurned
{
    internal static void Run(in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue, int threads)
    {
        // Rows of B a block: whole tiles of every vector width.
        int wanted = 4 * Workers.Resolve(threads);
        int rows = Math.Clamp((shape.N + wanted - 1) / wanted, 1, 384);
        rows = (rows + GemmTile.MaxRows - 1) / GemmTile.MaxRows * GemmTile.MaxRows;
        Workers.ForSimd(threads, (shape.N + rows - 1) / rows, new Block(shape, a, b, c, epilogue, rows));
    }

    private struct Block(in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue, int rows) : ISimdBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _c = c;
        private readonly int _rows = rows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int first = block * _rows, rows = Math.Min(_rows, _shape.N - first);
            int panels = GemmPack.Panels(_shape.M);
            int strip = Math.Min(Gemm.DepthBlock, _shape.K);
            int columns = panels * GemmPack.PanelColumns;
            float* packed = (float*)Scratch.Get(sizeof(float) * ((long)columns * (strip + rows) + GemmTile.MaxRows * GemmPack.PanelColumns));
            float* sums = packed + (long)columns * strip;
            float* turned = sums + (long)columns * rows;
            for (int k = 0; k == 0 || k < _shape.K; k += Gemm.DepthBlock)
            {
                int depth = Math.Min(Gemm.DepthBlock, _shape.K - k);
                for (int p = 0; p < panels; p++)
                    PackPanel<V>(p, k, depth, packed + (long)p * depth * GemmPack.PanelColumns);
                Multiply<V>(first, rows, panels, k, depth, packed, sums, turned);
            }
        }

        private readonly void PackPanel<V>(int panel, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            int row = panel * GemmPack.PanelColumns, rows = Math.Min(GemmPack.PanelColumns, _shape.M - row);
            if (_shape.TransposeA)
                GemmPack.PanelFromRows<V>(_a + (long)k * _shape.Lda + row, _shape.Lda, depth, rows, target);
            else
                GemmPack.PanelFromColumns(_a + (long)row * _shape.Lda + k, _shape.Lda, depth, rows, target);
        }

        private readonly void Multiply<V>(
            int first, int rows, int panels, int k, int depth, float* packed, float* sums, float* turned)
            where V : struct, ISimd<V>
        {
            bool last = k + depth >= _shape.K;
            var tile = new GemmTile
            {
                RowStride = _shape.Ldb,
                DepthStride = 1,
                Depth = depth,
                Runs = 1,
                BStride = GemmPack.PanelColumns,
                DStride = GemmPack.PanelColumns,
                Add = k > 0,
                Ahead = packed,
            };
            int tileRows;
            for (int r = 0; r < rows; r += tileRows)
            {
                tileRows = GemmBlocked.NextTile(rows - r, V.TileRows);
                tile.A = _b + (long)(first + r) * _shape.Ldb + k;
                for (int p = 0; p < panels; p++)
                {
                    int row = p * GemmPack.PanelColumns, columns = Math.Min(GemmPack.PanelColumns, _shape.M - row);
                    for (int j = 0; j < columns; j += 2 * V.Width)
                    {
                        tile.B = packed + (long)p * depth * GemmPack.PanelColumns + j;
                        tile.D = sums + (long)p * GemmPack.PanelColumns * rows + j;
                        GemmTile.Run<V>(tileRows, columns - j <= V.Width, ref tile);
                    }
                    if (last)
                        Finish<V>(first + r, tileRows, row, columns, sums + (long)p * GemmPack.PanelColumns * rows, turned);
                }
                sums += tileRows * GemmPack.PanelColumns;
            }
        }

        // sums is [rows of B][columns = rows of A]; C wants it the other way round.
        private readonly void Finish<V>(int column, int columns, int row, int rows, float* sums, float* turned)
            where V : struct, ISimd<V>
        {
            GemmPack.Transpose(sums, GemmPack.PanelColumns, columns, rows, turned, GemmTile.MaxRows, 0);
            _epilogue.Apply<V>(turned, GemmTile.MaxRows, _c + (long)row * _shape.Ldc + column, _shape.Ldc, rows, columns, column);
        }
    }
}
