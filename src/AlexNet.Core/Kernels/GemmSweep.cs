using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · B for 2 … 128 rows, B unpacked. A block owns some columns and walks the depth eight rows of B at a time: eight
/// pairs of vectors stay in registers while all rows of A pass by, and the rows' sums wait in the cache nearest to the core. The next
/// rows of B are asked for meanwhile, not many: rows whose distance is a large power of two share few sets of a cache.
/// </summary>
internal static unsafe class GemmSweep
{
    /// <summary>Most rows of A.</summary>
    internal const int MaxRows = 128;

    // Rows of A that pass by at a time.
    private const int PassRows = 64;
    private const int DepthStep = 8;

    // Columns of a call of the innermost loop; sums are padded to it.
    private const int GroupColumns = 32;

    internal static void Run<T, E>(in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int threads)
        where T : unmanaged
        where E : IGemmElement<T>
    {
        int passes = (shape.M + PassRows - 1) / PassRows, rows = shape.M / passes;
        // Sums of 8 to 32 KiB, and several blocks for each thread.
        int widest = rows <= 4 ? 1024 : rows <= 8 ? 512 : rows <= 32 ? 256 : 128;
        int share = (shape.N + 2 * Workers.Resolve(threads) - 1) / (2 * Workers.Resolve(threads));
        int columns = Math.Min(widest, (share + GroupColumns - 1) / GroupColumns * GroupColumns);
        float* x = (float*)Scratch.GetShared(sizeof(float) * shape.M * PaddedDepth(shape.K));
        Workers.For(threads, (shape.K + Gemm.DepthBlock - 1) / Gemm.DepthBlock, new Gather(shape, a, x, passes));
        Workers.ForSimd(threads, passes * ((shape.N + columns - 1) / columns), new Block<T, E>(shape, x, b, c, epilogue, passes, columns));
    }

    private static long PaddedDepth(int depth) => (long)(depth + DepthStep - 1) / DepthStep * DepthStep;

    // How many rows of B ahead memory is asked: the fewer rows of A, the shorter a step lasts.
    private static nint Ahead(int rows) => DepthStep * (rows >= 16 ? 1 : rows >= 6 ? 2 : 4);

    private static int FirstRow(int rows, int pass, int passes) => rows * pass / passes;

    /// <summary>x[pass][step][r][i] = op(A)[r, 8·step + i].</summary>
    private struct Gather(in GemmShape shape, float* a, float* x, int passes) : IBlock
    {
        private readonly GemmShape _shape = shape;
        private readonly float* _a = a;
        private readonly float* _x = x;
        private readonly int _passes = passes;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int block)
        {
            int first = block * Gemm.DepthBlock, last = Math.Min(_shape.K, first + Gemm.DepthBlock);
            for (int pass = 0; pass < _passes; pass++)
            {
                int row = FirstRow(_shape.M, pass, _passes), rows = FirstRow(_shape.M, pass + 1, _passes) - row;
                for (int k = first; k < last; k += DepthStep)
                    Step(row, rows, k, Math.Min(DepthStep, last - k), _x + row * PaddedDepth(_shape.K) + (long)k * rows);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Step(int row, int rows, int k, int depth, float* target)
        {
            nint rowStride = _shape.TransposeA ? 1 : _shape.Lda, depthStride = _shape.TransposeA ? _shape.Lda : 1;
            float* source = _a + row * rowStride + k * depthStride;
            for (int r = 0; r < rows; r++, source += rowStride, target += DepthStep)
            {
                if (depth == DepthStep && depthStride == 1)
                {
                    Vector256.Store(Vector256.Load(source), target);
                    continue;
                }
                for (int i = 0; i < depth; i++)
                    target[i] = source[i * depthStride];
            }
        }
    }

    private struct Block<T, E>(in GemmShape shape, float* x, T* b, float* c, in GemmEpilogue epilogue, int passes, int columns) : ISimdBlock
        where T : unmanaged
        where E : IGemmElement<T>
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _x = x;
        private readonly T* _b = b;
        private readonly float* _c = c;
        private readonly int _passes = passes;
        private readonly int _columns = columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int pass = block % _passes, column = block / _passes * _columns, columns = Math.Min(_columns, _shape.N - column);
            int row = FirstRow(_shape.M, pass, _passes), rows = FirstRow(_shape.M, pass + 1, _passes) - row;
            int pitch = (columns + GroupColumns - 1) / GroupColumns * GroupColumns, length = rows * pitch;
            float* x = _x + row * PaddedDepth(_shape.K);
            float* total = (float*)Scratch.Get(2L * sizeof(float) * length), sums = total;
            for (int k = 0; k == 0 || k < _shape.K; k += Gemm.DepthBlock, sums = total + length)
            {
                new Span<float>(sums, length).Clear();
                int end = Math.Min(_shape.K, k + Gemm.DepthBlock);
                for (int at = k; at < end; at += DepthStep)
                    Step<V>(_b + (long)at * _shape.Ldb + column, Math.Min(DepthStep, end - at), columns, x + (long)at * rows, rows, sums, pitch);
                for (int i = 0; k > 0 && i < length; i += V.Width)
                    V.Store(V.Add(V.Load(total + i), V.Load(sums + i)), total + i);
            }
            Finish<V>(total, pitch, row, rows, column, columns);
        }

        // Up to eight rows of B for all columns of the block.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Step<V>(T* b, int depth, int columns, float* x, int rows, float* sums, nint pitch) where V : struct, ISimd<V>
        {
            int j = 0;
            for (; j + GroupColumns <= columns; j += GroupColumns)
                Group<V, T, E>(b + j, _shape.Ldb, Ahead(rows) * _shape.Ldb, depth, x, rows, sums + j, pitch);
            if (j == columns)
                return;
            // The last columns in a group that begins further left; what it repeats is not used.
            if (_shape.N >= GroupColumns)
                Group<V, T, E>(b + columns - GroupColumns, _shape.Ldb, Ahead(rows) * _shape.Ldb, depth, x, rows, sums + j, pitch);
            else
                Padded<V>(b, depth, columns, x, rows, sums, pitch);
        }

        // Fewer columns than a group in all.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Padded<V>(T* b, int depth, int columns, float* x, int rows, float* sums, nint pitch) where V : struct, ISimd<V>
        {
            float* padded = stackalloc float[DepthStep * GroupColumns];
            for (int i = 0; i < depth; i++)
            {
                for (int j = 0; j < GroupColumns; j++)
                    padded[i * GroupColumns + j] = j < columns ? E.Value(b[(nint)i * _shape.Ldb + j]) : 0f;
            }
            Group<V, float, FloatElement>(padded, GroupColumns, 0, depth, x, rows, sums, pitch);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Finish<V>(float* total, nint pitch, int row, int rows, int column, int columns) where V : struct, ISimd<V>
        {
            int whole = columns / GroupColumns * GroupColumns, rest = columns - whole;
            float* c = _c + (long)row * _shape.Ldc + column;
            _epilogue.Apply<V>(total, pitch, c, _shape.Ldc, rows, whole, column);
            total += whole + (_shape.N >= GroupColumns ? GroupColumns - rest : 0);
            _epilogue.Apply<V>(total, pitch, c + whole, _shape.Ldc, rows, rest, column + whole);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group<V, T, E>(T* b, nint ldb, nint ahead, int depth, float* x, int rows, float* sums, nint pitch)
        where V : struct, ISimd<V>
        where T : unmanaged
        where E : IGemmElement<T>
    {
        for (int j = 0; j < GroupColumns; j += 2 * V.Width)
        {
            if (depth < DepthStep)
            {
                FewTerms<V, T, E>(b + j, ldb, depth, x, rows, sums + j, pitch);
            }
            else if (V.TileRows == GemmTile.MaxRows)
            {
                EightTerms<V, T, E>(b + j, ldb, ahead, x, rows, sums + j, pitch);
            }
            else
            {
                FourTerms<V, T, E>(b + j, ldb, ahead, x, rows, sums + j, pitch);
                FourTerms<V, T, E>(b + j + 4 * ldb, ldb, ahead, x + 4, rows, sums + j, pitch);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FewTerms<V, T, E>(T* b, nint ldb, int depth, float* x, int rows, float* sums, nint pitch)
        where V : struct, ISimd<V>
        where T : unmanaged
        where E : IGemmElement<T>
    {
        for (int r = 0; r < rows; r++, x += DepthStep, sums += pitch)
        {
            V s = V.Load(sums), t = V.Load(sums + V.Width);
            for (int i = 0; i < depth; i++)
            {
                V y = V.Broadcast(x[i]);
                s = V.Fma(y, E.Load<V>(b + i * ldb), s);
                t = V.Fma(y, E.Load<V>(b + i * ldb + V.Width), t);
            }
            V.Store(s, sums);
            V.Store(t, sums + V.Width);
        }
    }

    // A later step's part of B.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchRows<V, T>(T* b, nint ldb, int rows)
        where V : struct, ISimd<V>
        where T : unmanaged
    {
        for (int i = 0; i < rows; i++, b += ldb)
        {
            Simd.Prefetch2((float*)b);
            if (2 * V.Width * sizeof(T) > 64)
                Simd.Prefetch2((float*)b + 16);
        }
    }

    // For 16 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourTerms<V, T, E>(T* b, nint ldb, nint ahead, float* x, int rows, float* sums, nint pitch)
        where V : struct, ISimd<V>
        where T : unmanaged
        where E : IGemmElement<T>
    {
        T* b1 = b + ldb, b2 = b1 + ldb, b3 = b2 + ldb;
        V v0 = E.Load<V>(b), v1 = E.Load<V>(b1), v2 = E.Load<V>(b2), v3 = E.Load<V>(b3);
        V w0 = E.Load<V>(b + V.Width), w1 = E.Load<V>(b1 + V.Width), w2 = E.Load<V>(b2 + V.Width), w3 = E.Load<V>(b3 + V.Width);
        PrefetchRows<V, T>(b + ahead, ldb, 4);
        for (int r = 0; r < rows; r++, x += DepthStep, sums += pitch)
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
            V.Store(V.Fma(y, v3, s), sums);
            V.Store(V.Fma(y, w3, t), sums + V.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightTerms<V, T, E>(T* b, nint ldb, nint ahead, float* x, int rows, float* sums, nint pitch)
        where V : struct, ISimd<V>
        where T : unmanaged
        where E : IGemmElement<T>
    {
        T* b1 = b + ldb, b2 = b1 + ldb, b3 = b2 + ldb, b4 = b3 + ldb, b5 = b4 + ldb, b6 = b5 + ldb, b7 = b6 + ldb;
        V v0 = E.Load<V>(b), v1 = E.Load<V>(b1), v2 = E.Load<V>(b2), v3 = E.Load<V>(b3);
        V v4 = E.Load<V>(b4), v5 = E.Load<V>(b5), v6 = E.Load<V>(b6), v7 = E.Load<V>(b7);
        V w0 = E.Load<V>(b + V.Width), w1 = E.Load<V>(b1 + V.Width), w2 = E.Load<V>(b2 + V.Width), w3 = E.Load<V>(b3 + V.Width);
        V w4 = E.Load<V>(b4 + V.Width), w5 = E.Load<V>(b5 + V.Width), w6 = E.Load<V>(b6 + V.Width), w7 = E.Load<V>(b7 + V.Width);
        PrefetchRows<V, T>(b + ahead, ldb, DepthStep);
        for (int r = 0; r < rows; r++, x += DepthStep, sums += pitch)
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
