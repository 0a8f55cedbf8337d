using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · B for at most 11 rows: B is streamed once in its own layout. Threads take blocks of depth, so that each reads one
/// stretch of memory from end to end (threads with a range of columns each read strips, which the hardware fetches ahead less well;
/// prefetches of our own made both slower); within a block the sums of a stretch of columns stay in the first-level cache.
/// The blocks' sums are then added in order.
/// </summary>
internal static unsafe class GemmStream
{
    /// <summary>Most rows of A.</summary>
    internal const int MaxRows = 11;

    private const int DepthStep = 8;

    // Sums of a stretch of columns: 16 KiB.
    private const int StretchFloats = 4096;

    // Columns that one block of the last pass adds up.
    private const int PieceColumns = 512;

    internal static void Run<T, E>(in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int threads)
        where T : unmanaged
        where E : IGemmElement<T>
    {
        var layout = new SumLayout(shape, Workers.Resolve(threads));
        float* sums = (float*)Scratch.GetShared(sizeof(float) * layout.DepthLength * layout.Depths);
        Workers.ForSimd(threads, layout.Depths * layout.Parts, new Block<T, E>(shape, layout, a, b, sums));
        Workers.ForSimd(threads, layout.Parts * layout.PartPieces, new Finish(shape, layout, sums, c, epilogue));
    }

    private static int RoundUp(int columns) => (columns + 31) / 32 * 32;

    /// <summary>
    /// Where the sums of the blocks of depth stand: [depth block][part of the columns][stretch][row][column]. A row's pitch within a
    /// stretch is small, so that rows do not share a set of the cache.
    /// </summary>
    private readonly struct SumLayout
    {
        internal SumLayout(in GemmShape shape, int workers)
        {
            Rows = shape.M;
            Depths = Math.Max(1, (shape.K + Gemm.DepthBlock - 1) / Gemm.DepthBlock);
            // Several blocks for each thread.
            int parts = workers == 1 ? 1 : (4 * workers + Depths - 1) / Depths;
            Columns = RoundUp((shape.N + parts - 1) / parts);
            Parts = (shape.N + Columns - 1) / Columns;
            Stretch = StretchFloats / Rows;
            Piece = Stretch >= 2 * PieceColumns ? PieceColumns : Stretch / 32 * 32;
            Stretch = Stretch / Piece * Piece;
            PartPieces = (Columns + Piece - 1) / Piece;
            DepthLength = (long)Parts * Columns * Rows;
        }

        internal readonly int Rows, Depths, Columns, Parts, Stretch, Piece, PartPieces;
        internal readonly long DepthLength;

        /// <summary>Place of the first row of a stretch that begins at a column.</summary>
        internal long At(int column) => (long)column * Rows;

        /// <summary>Distance of rows in the stretch that begins at a column of a part.</summary>
        internal int Pitch(int columnOfPart) => Math.Min(Stretch, Columns - columnOfPart);
    }

    /// <summary>Sums of one block of depth for one part of the columns.</summary>
    private struct Block<T, E>(in GemmShape shape, in SumLayout layout, float* a, T* b, float* sums) : ISimdBlock
        where T : unmanaged
        where E : IGemmElement<T>
    {
        private readonly GemmShape _shape = shape;
        private readonly SumLayout _layout = layout;
        private readonly float* _a = a;
        private readonly T* _b = b;
        private readonly float* _sums = sums;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int k = block / _layout.Parts * Gemm.DepthBlock, depth = Math.Min(Gemm.DepthBlock, _shape.K - k);
            int first = block % _layout.Parts * _layout.Columns, last = Math.Min(_shape.N, first + _layout.Columns);
            float* x = stackalloc float[Gemm.DepthBlock * MaxRows];
            Gather(k, depth, x);
            for (int column = first; column < last; column += _layout.Stretch)
            {
                int pitch = _layout.Pitch(column - first);
                float* sums = _sums + block / _layout.Parts * _layout.DepthLength + _layout.At(column);
                new Span<float>(sums, pitch * _shape.M).Clear();
                Chain<V>(_b + (long)k * _shape.Ldb + column, Math.Min(pitch, last - column), depth, x, sums, pitch);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Chain<V>(T* b, int columns, int depth, float* x, float* sums, nint pitch)
            where V : struct, ISimd<V>
        {
            for (; depth >= DepthStep; depth -= DepthStep, b += (long)DepthStep * _shape.Ldb, x += DepthStep * _shape.M)
            {
                int j = 0;
                if (_shape.M == 1)
                {
                    j = columns / V.Width * V.Width;
                    OneRow<V>(b, _shape.Ldb, x, j, sums);
                }
                else
                {
                    for (; j + 2 * V.Width <= columns; j += 2 * V.Width)
                        EightRows<V>(b + j, _shape.Ldb, x, _shape.M, sums + j, pitch);
                }
                Columns(b, DepthStep, x, j, columns, sums, pitch);
            }
            if (depth > 0)
                Columns(b, depth, x, 0, columns, sums, pitch);
        }

        // x[step][r][i] = op(A)[r, k + 8·step + i]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gather(int k, int depth, float* x)
        {
            nint rowStride = _shape.TransposeA ? 1 : _shape.Lda, depthStride = _shape.TransposeA ? _shape.Lda : 1;
            for (int from = 0; from < depth; from += DepthStep)
            {
                for (int r = 0; r < _shape.M; r++, x += DepthStep)
                {
                    float* a = _a + r * rowStride + (k + from) * depthStride;
                    for (int i = 0; i < Math.Min(DepthStep, depth - from); i++)
                        x[i] = a[i * depthStride];
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Columns(T* b, int depth, float* x, int from, int to, float* sums, nint pitch)
        {
            for (int r = 0; from < to && r < _shape.M; r++, x += DepthStep, sums += pitch)
            {
                for (int i = 0; i < depth; i++)
                {
                    T* row = b + (long)i * _shape.Ldb;
                    for (int j = from; j < to; j++)
                        sums[j] = Simd.Fma(x[i], E.Value(row[j]), sums[j]);
                }
            }
        }

        // columns is a multiple of a vector.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void OneRow<V>(T* b, nint ldb, float* x, int columns, float* sums) where V : struct, ISimd<V>
        {
            T* b1 = b + ldb, b2 = b1 + ldb, b3 = b2 + ldb, b4 = b3 + ldb, b5 = b4 + ldb, b6 = b5 + ldb, b7 = b6 + ldb;
            V x0 = V.Broadcast(x[0]), x1 = V.Broadcast(x[1]), x2 = V.Broadcast(x[2]), x3 = V.Broadcast(x[3]);
            V x4 = V.Broadcast(x[4]), x5 = V.Broadcast(x[5]), x6 = V.Broadcast(x[6]), x7 = V.Broadcast(x[7]);
            for (int j = 0; j < columns; j += V.Width)
            {
                V s = V.Fma(x0, E.Load<V>(b + j), V.Load(sums + j));
                s = V.Fma(x1, E.Load<V>(b1 + j), s);
                s = V.Fma(x2, E.Load<V>(b2 + j), s);
                s = V.Fma(x3, E.Load<V>(b3 + j), s);
                s = V.Fma(x4, E.Load<V>(b4 + j), s);
                s = V.Fma(x5, E.Load<V>(b5 + j), s);
                s = V.Fma(x6, E.Load<V>(b6 + j), s);
                V.Store(V.Fma(x7, E.Load<V>(b7 + j), s), sums + j);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void EightRows<V>(T* b, nint ldb, float* x, int m, float* sums, nint stride)
            where V : struct, ISimd<V>
        {
            T* b1 = b + ldb, b2 = b1 + ldb, b3 = b2 + ldb, b4 = b3 + ldb, b5 = b4 + ldb, b6 = b5 + ldb, b7 = b6 + ldb;
            V v0 = E.Load<V>(b), v1 = E.Load<V>(b1), v2 = E.Load<V>(b2), v3 = E.Load<V>(b3);
            V v4 = E.Load<V>(b4), v5 = E.Load<V>(b5), v6 = E.Load<V>(b6), v7 = E.Load<V>(b7);
            V w0 = E.Load<V>(b + V.Width), w1 = E.Load<V>(b1 + V.Width), w2 = E.Load<V>(b2 + V.Width), w3 = E.Load<V>(b3 + V.Width);
            V w4 = E.Load<V>(b4 + V.Width), w5 = E.Load<V>(b5 + V.Width), w6 = E.Load<V>(b6 + V.Width), w7 = E.Load<V>(b7 + V.Width);
            for (int r = 0; r < m; r++, x += DepthStep, sums += stride)
            {
                V s = V.Load(sums), t = V.Load(sums + V.Width), y = V.Broadcast(x[0]);
                s = V.Fma(y, v0, s);
                t = V.Fma(y, w0, t);
                y = V.Broadcast(x[1]);
                s = V.Fma(y, v1, s);
                t = V.Fma(y, w1, t);
                y = V.Broadcast(x[2]);
                s = V.Fma(y, v2, s);
                t = V.Fma(y, w2, t);
                y = V.Broadcast(x[3]);
                s = V.Fma(y, v3, s);
                t = V.Fma(y, w3, t);
                y = V.Broadcast(x[4]);
                s = V.Fma(y, v4, s);
                t = V.Fma(y, w4, t);
                y = V.Broadcast(x[5]);
                s = V.Fma(y, v5, s);
                t = V.Fma(y, w5, t);
                y = V.Broadcast(x[6]);
                s = V.Fma(y, v6, s);
                t = V.Fma(y, w6, t);
                y = V.Broadcast(x[7]);
                s = V.Fma(y, v7, s);
                t = V.Fma(y, w7, t);
                V.Store(s, sums);
                V.Store(t, sums + V.Width);
            }
        }
    }
    /// <summary>C from the sums of all blocks of depth, for a piece of a part.</summary>
    private struct Finish(in GemmShape shape, in SumLayout layout, float* sums, float* c, in GemmEpilogue epilogue) : ISimdBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly SumLayout _layout = layout;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _sums = sums;
        private readonly float* _c = c;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int first = block / _layout.PartPieces * _layout.Columns, within = block % _layout.PartPieces * _layout.Piece;
            int stretch = within / _layout.Stretch * _layout.Stretch, pitch = _layout.Pitch(stretch), column = first + within;
            int columns = Math.Min(Math.Min(_layout.Piece, _layout.Columns - within), _shape.N - column);
            if (columns <= 0)
                return;
            float* sums = _sums + _layout.At(first + stretch) + within - stretch;
            for (int r = 0; r < _shape.M; r++)
                Add<V>(sums + r * pitch, columns);
            _epilogue.Apply<V>(sums, pitch, _c + column, _shape.Ldc, _shape.M, columns, column);
        }

        // Whole pairs of vectors: what lies behind the columns is memory without meaning.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Add<V>(float* sums, int columns) where V : struct, ISimd<V>
        {
            for (int j = 0; j < columns; j += 2 * V.Width, sums += 2 * V.Width)
            {
                V s = V.Load(sums), t = V.Load(sums + V.Width);
                float* next = sums + _layout.DepthLength;
                for (int d = 1; d < _layout.Depths; d++, next += _layout.DepthLength)
                {
                    s = V.Add(s, V.Load(next));
                    t = V.Add(t, V.Load(next + V.Width));
                }
                V.Store(s, sums);
                V.Store(t, sums + V.Width);
            }
        }
    }
}
