using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · Bᵀ for few rows of A: computed as Cᵀ = B · op(A)ᵀ, so that B, the large matrix, is read once, unpacked and some
/// rows at a time along their whole length, against op(A)ᵀ packed in the second-level cache.
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
        private const long PackedBytes = 512 * 1024;

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
            int panels = GemmPack.Panels(_shape.M), columns = panels * GemmPack.PanelColumns;
            // Depth that is packed at a time: whole partial sums.
            int chunk = (int)Math.Max(1, PackedBytes / (sizeof(float) * columns) / Gemm.DepthBlock) * Gemm.DepthBlock;
            chunk = Math.Clamp(_shape.K, 1, chunk);
            float* packed = (float*)Scratch.Get(
                sizeof(float) * ((long)columns * (chunk + rows) + GemmTile.MaxRows * GemmPack.PanelColumns));
            float* sums = packed + (long)columns * chunk, turned = sums + (long)columns * rows;
            for (int k = 0; k == 0 || k < _shape.K; k += chunk)
            {
                int depth = Math.Min(chunk, _shape.K - k);
                Pack<V>(panels, k, depth, packed);
                Multiply<V>(first, rows, panels, k, depth, packed, sums, turned);
            }
        }

        // [partial sum][panel][depth][32 rows of A]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Pack<V>(int panels, int k, int depth, float* target) where V : struct, ISimd<V>
        {
            for (int at = k; at < k + depth; at += Gemm.DepthBlock)
            {
                int part = Math.Min(Gemm.DepthBlock, k + depth - at);
                for (int p = 0; p < panels; p++, target += part * GemmPack.PanelColumns)
                {
                    int row = p * GemmPack.PanelColumns, rows = Math.Min(GemmPack.PanelColumns, _shape.M - row);
                    if (_shape.TransposeA)
                        GemmPack.PanelFromRows<V>(_a + (long)at * _shape.Lda + row, _shape.Lda, part, rows, target);
                    else
                        GemmPack.PanelFromColumns(_a + (long)row * _shape.Lda + at, _shape.Lda, part, rows, target);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Multiply<V>(
            int first, int rows, int panels, int k, int depth, float* packed, float* sums, float* turned)
            where V : struct, ISimd<V>
        {
            // Rows a multiple of a page apart share one set of the first-level cache: then fewer at a time.
            int full = _shape.Ldb % 1024 == 0 ? Math.Min(6, V.TileRows) : V.TileRows;
            int tileRows;
            for (int r = 0; r < rows; r += tileRows, sums += tileRows * panels * GemmPack.PanelColumns)
            {
                tileRows = GemmBlocked.NextTile(rows - r, full);
                float* b = packed;
                int at = k;
                do
                {
                    int part = Math.Min(Gemm.DepthBlock, k + depth - at);
                    for (int p = 0; p < panels; p++, b += part * GemmPack.PanelColumns)
                        Panel<V>(first + r, tileRows, p, at, part, b, sums + p * tileRows * GemmPack.PanelColumns);
                    at += part;
                }
                while (at < k + depth);
                for (int p = 0; p < panels && k + depth >= _shape.K; p++)
                    Finish<V>(first + r, tileRows, p, sums + p * tileRows * GemmPack.PanelColumns, turned);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Panel<V>(int row, int rows, int panel, int k, int depth, float* b, float* sums)
            where V : struct, ISimd<V>
        {
            var tile = new GemmTile
            {
                A = _b + (long)row * _shape.Ldb + k,
                RowStride = _shape.Ldb,
                DepthStride = 1,
                Depth = depth,
                Runs = 1,
                BStride = GemmPack.PanelColumns,
                DStride = GemmPack.PanelColumns,
                Add = k > 0,
                Ahead = b,
            };
            int columns = Math.Min(GemmPack.PanelColumns, _shape.M - panel * GemmPack.PanelColumns);
            for (int j = 0; j < columns; j += 2 * V.Width)
            {
                tile.B = b + j;
                tile.D = sums + j;
                GemmTile.Run<V>(rows, columns - j <= V.Width, ref tile);
            }
        }

        // sums is [rows of B][columns = rows of A]; C wants it the other way round.
        private readonly void Finish<V>(int column, int columns, int panel, float* sums, float* turned) where V : struct, ISimd<V>
        {
            int row = panel * GemmPack.PanelColumns, rows = Math.Min(GemmPack.PanelColumns, _shape.M - row);
            GemmPack.Transpose(sums, GemmPack.PanelColumns, columns, rows, turned, GemmTile.MaxRows, 0);
            _epilogue.Apply<V>(turned, GemmTile.MaxRows, _c + (long)row * _shape.Ldc + column, _shape.Ldc, rows, columns, column);
        }
    }
}
