using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · B for at most 11 rows: B is streamed once in its own layout, eight rows at a time, while the sums of a block
/// of columns stay in the first-level cache.
/// </summary>
internal static unsafe class GemmStream
{
    private const int DepthStep = 8;

    internal static void Run<T, E>(in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int threads)
        where T : unmanaged
        where E : IGemmElement<T>
    {
        // Whole cache lines a block; the sums of a block take at most 20 KiB.
        int most = 5120 / shape.M / 32 * 32;
        int wanted = 2 * Workers.Resolve(threads);
        int columns = Math.Clamp(((shape.N + wanted - 1) / wanted + 31) / 32 * 32, 32, most);
        Workers.ForSimd(threads, (shape.N + columns - 1) / columns, new Block<T, E>(shape, a, b, c, epilogue, columns));
    }

    private struct Block<T, E>(in GemmShape shape, float* a, T* b, float* c, in GemmEpilogue epilogue, int columns) : ISimdBlock
        where T : unmanaged
        where E : IGemmElement<T>
    {
        private readonly GemmShape _shape = shape;
        private readonly GemmEpilogue _epilogue = epilogue;
        private readonly float* _a = a;
        private readonly T* _b = b;
        private readonly float* _c = c;
        private readonly int _columns = columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int column = block * _columns, columns = Math.Min(_columns, _shape.N - column);
            int m = _shape.M, cells = _columns * m;
            float* sums = (float*)Scratch.Get(sizeof(float) * (2L * cells + DepthStep * m));
            float* parts = sums + cells, x = parts + cells;
            for (int k = 0; k == 0 || k < _shape.K; k += Gemm.DepthBlock)
            {
                int depth = Math.Min(Gemm.DepthBlock, _shape.K - k);
                float* target = k == 0 ? sums : parts;
                new Span<float>(target, cells).Clear();
                Chain<V>(column, columns, k, depth, x, target);
                if (k > 0)
                    AddTo<V>(parts, sums, cells);
            }
            _epilogue.Apply<V>(sums, _columns, _c + column, _shape.Ldc, m, columns, column);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Chain<V>(int column, int columns, int k, int depth, float* x, float* sums)
            where V : struct, ISimd<V>
        {
            T* b = _b + (long)k * _shape.Ldb + column;
            for (; depth >= DepthStep; depth -= DepthStep, k += DepthStep, b += (long)DepthStep * _shape.Ldb)
            {
                Gather(k, DepthStep, x);
                int j = 0;
                for (; j + 2 * V.Width <= columns; j += 2 * V.Width)
                    EightRows<V>(b + j, _shape.Ldb, x, _shape.M, sums + j, _columns);
                Columns(b, DepthStep, x, j, columns, sums);
            }
            if (depth == 0)
                return;
            Gather(k, depth, x);
            Columns(b, depth, x, 0, columns, sums);
        }

        // cells is a multiple of 32.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void AddTo<V>(float* parts, float* sums, int cells) where V : struct, ISimd<V>
        {
            for (int i = 0; i < cells; i += V.Width)
                V.Store(V.Add(V.Load(sums + i), V.Load(parts + i)), sums + i);
        }

        // x[r][i] = op(A)[r, k + i]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gather(int k, int depth, float* x)
        {
            nint rowStride = _shape.TransposeA ? 1 : _shape.Lda, depthStride = _shape.TransposeA ? _shape.Lda : 1;
            for (int r = 0; r < _shape.M; r++, x += DepthStep)
            {
                float* a = _a + r * rowStride + k * depthStride;
                for (int i = 0; i < depth; i++)
                    x[i] = a[i * depthStride];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Columns(T* b, int depth, float* x, int from, int to, float* sums)
        {
            for (int r = 0; r < _shape.M; r++, x += DepthStep, sums += _columns)
            {
                for (int i = 0; i < depth; i++)
                {
                    T* row = b + (long)i * _shape.Ldb;
                    for (int j = from; j < to; j++)
                        sums[j] = Simd.Fma(x[i], E.Value(row[j]), sums[j]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void EightRows<V>(T* b, nint ldb, float* x, int m, float* sums, nint stride)
            where V : struct, ISimd<V>
        {
            // The same columns of the next eight rows.
            T* ahead = b + DepthStep * ldb;
            for (int i = 0; i < DepthStep; i++, ahead += ldb)
            {
                for (int j = 0; j < 2 * V.Width; j += 64 / sizeof(T))
                    Simd.Prefetch2((float*)(ahead + j));
            }
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
}
