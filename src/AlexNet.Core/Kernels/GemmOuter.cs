using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · B for few terms and many rows, as the gradient of a fully connected layer has them: one term a picture. B is packed once
/// for all threads and stays in the second-level cache; C, far larger, passes by in the order of memory, a tile's rows at a time, and
/// is asked for a little ahead. A step of gradient descent changes C while the sums are still in registers.
/// </summary>
internal static unsafe class GemmOuter
{
    /// <summary>Most floats of B, all of which are packed.</summary>
    private const long MaxPacked = 1 << 22;

    // Floats of packed B that one thread uses at a time.
    private const int PieceFloats = 1 << 17;
    private const int TileFloats = GemmTile.MaxRows * GemmPack.PanelColumns;

    // How far ahead C is asked for.
    private const int AheadColumns = 2 * GemmPack.PanelColumns;

    /// <summary>Whether sums are one chain and B is small enough.</summary>
    internal static bool Suits(in GemmShape shape) =>
        !shape.TransposeB && shape.K > 0 && shape.K <= Gemm.DepthBlock && GemmPack.PackedLength(shape.K, shape.N) <= MaxPacked;

    internal static void Run(in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue, int threads)
    {
        int panels = GemmPack.Panels(shape.N);
        float* packed = (float*)Scratch.GetShared(sizeof(float) * GemmPack.PackedLength(shape.K, shape.N));
        Workers.ForSimd(threads, panels, new Pack(shape, b, packed));
        int most = Math.Max(1, PieceFloats / (shape.K * GemmPack.PanelColumns)), pieces = (panels + most - 1) / most;
        // Several blocks for each thread; fewer tiles than four in a block cost a fifth of the time.
        int tiles = Math.Clamp(shape.M / GemmTile.MaxRows / (8 * Workers.Resolve(threads)), 4, 16), blockRows = tiles * GemmTile.MaxRows;
        int rowBlocks = (shape.M + blockRows - 1) / blockRows;
        Workers.ForSimd(threads, pieces * rowBlocks, new Block(shape, a, packed, c, epilogue, pieces, rowBlocks, blockRows));
    }

    private struct Pack(in GemmShape shape, float* b, float* packed) : ISimdBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly float* _b = b;
        private readonly float* _packed = packed;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int panel) where V : struct, ISimd<V>
        {
            int column = panel * GemmPack.PanelColumns, columns = Math.Min(GemmPack.PanelColumns, _shape.N - column);
            GemmPack.PanelFromRows<V>(_b + column, _shape.Ldb, _shape.K, columns, _packed + (long)column * _shape.K);
        }
    }

    private struct Block(
        in GemmShape shape, float* a, float* packed, float* c, in GemmEpilogue epilogue, int pieces, int rowBlocks, int blockRows)
        : ISimdBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _a = a;
        private readonly float* _packed = packed;
        private readonly float* _c = c;
        private readonly int _pieces = pieces;
        private readonly int _rowBlocks = rowBlocks;
        private readonly int _blockRows = blockRows;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int piece = block / _rowBlocks, panels = GemmPack.Panels(_shape.N);
            int column = (int)((long)panels * piece / _pieces) * GemmPack.PanelColumns;
            int columns = Math.Min(_shape.N, (int)((long)panels * (piece + 1) / _pieces) * GemmPack.PanelColumns) - column;
            int row = block % _rowBlocks * _blockRows, end = Math.Min(_shape.M, row + _blockRows);
            float* sums = (float*)Scratch.Get(sizeof(float) * (TileFloats + _shape.K * GemmTile.MaxRows)), rows = sums + TileFloats;
            for (int tileRows; row < end; row += tileRows)
            {
                tileRows = GemmBlocked.NextTile(end - row, V.TileRows);
                if (_shape.TransposeA)
                    GemmPack.TileFromColumns(_a + row, _shape.Lda, tileRows, _shape.K, rows);
                else
                    GemmPack.TileFromRows(_a + (long)row * _shape.Lda, _shape.Lda, tileRows, _shape.K, rows);
                Rows<V>(row, tileRows, column, columns, rows, sums);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Rows<V>(int row, int rows, int column, int columns, float* a, float* sums) where V : struct, ISimd<V>
        {
            float* c = _c + (long)row * _shape.Ldc + column, b = _packed + (long)column * _shape.K;
            nint panel = (nint)_shape.K * GemmPack.PanelColumns;
            var tile = new GemmTile
            {
                A = a, RowStride = 1, DepthStride = GemmTile.MaxRows, Depth = _shape.K, Runs = 1,
                BStride = GemmPack.PanelColumns, Rate = _epilogue.Rate, Ahead = b,
            };
            for (int j = 0; j < columns; j += GemmPack.PanelColumns, c += GemmPack.PanelColumns, b += panel)
            {
                int width = Math.Min(GemmPack.PanelColumns, columns - j);
                bool direct = width == GemmPack.PanelColumns && (_epilogue.IsPlain || _epilogue.IsDescent);
                tile.Descend = direct && _epilogue.Descend;
                tile.DStride = direct ? _shape.Ldc : GemmPack.PanelColumns;
                Prefetch(c + AheadColumns, rows);
                for (int v = 0; v < width; v += 2 * V.Width)
                {
                    tile.B = b + v;
                    tile.D = (direct ? c : sums) + v;
                    GemmTile.Run<V>(rows, width - v <= V.Width, ref tile);
                }
                if (!direct)
                    _epilogue.Apply<V>(sums, GemmPack.PanelColumns, c, _shape.Ldc, rows, width, column + j);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Prefetch(float* c, int rows)
        {
            for (int r = 0; r < rows; r++, c += _shape.Ldc)
            {
                Simd.Prefetch(c);
                Simd.Prefetch(c + 16);
            }
        }
    }
}
