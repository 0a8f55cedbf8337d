using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// C = op(A) · B for one row of A: B is streamed once in its own layout. Threads take blocks of depth, so that each reads one
/// stretch of memory from end to end (threads with a range of columns each read strips, which the hardware fetches ahead less well;
/// prefetches of our own made both slower); within a block the sums of a stretch of columns stay in the first-level cache.
/// The blocks' sums are then added in order.
/// </summary>
internal static unsafe class GemmStream
{
    private const int DepthStep = 8;

    // Sums of a stretch of columns: 16 KiB.
    private const int StretchColumns = 4096;

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
    /// Where the sums of the blocks of depth stand: [depth block][part of the columns][column].
    /// </summary>
    private readonly struct SumLayout
    {
        internal SumLayout(in GemmShape shape, int workers)
        {
            Depths = Math.Max(1, (shape.K + Gemm.DepthBlock - 1) / Gemm.DepthBlock);
            // Several blocks for each thread.
            int parts = workers == 1 ? 1 : (4 * workers + Depths - 1) / Depths;
            Columns = RoundUp((shape.N + parts - 1) / parts);
            Parts = (shape.N + Columns - 1) / Columns;
            PartPieces = (Columns + PieceColumns - 1) / PieceColumns;
            DepthLength = (long)Parts * Columns;
        }

        internal readonly int Depths, Columns, Parts, PartPieces;
        internal readonly long DepthLength;
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
            float* x = stackalloc float[Gemm.DepthBlock];
            Gather(k, depth, x);
            float* sums = _sums + block / _layout.Parts * _layout.DepthLength;
            for (int column = first; column < last; column += StretchColumns)
            {
                int columns = Math.Min(StretchColumns, last - column);
                new Span<float>(sums + column, columns).Clear();
                Chain<V>(_b + (long)k * _shape.Ldb + column, columns, depth, x, sums + column);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Chain<V>(T* b, int columns, int depth, float* x, float* sums)
            where V : struct, ISimd<V>
        {
            int whole = columns / V.Width * V.Width;
            for (; depth >= DepthStep; depth -= DepthStep, b += (long)DepthStep * _shape.Ldb, x += DepthStep)
            {
                EightTerms<V>(b, _shape.Ldb, x, whole, sums);
                Columns(b, DepthStep, x, whole, columns, sums);
            }
            if (depth > 0)
                Columns(b, depth, x, 0, columns, sums);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gather(int k, int depth, float* x)
        {
            nint stride = _shape.TransposeA ? _shape.Lda : 1;
            for (int i = 0; i < depth; i++)
                x[i] = _a[(k + i) * stride];
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Columns(T* b, int depth, float* x, int from, int to, float* sums)
        {
            for (int i = 0; from < to && i < depth; i++)
            {
                T* row = b + (long)i * _shape.Ldb;
                for (int j = from; j < to; j++)
                    sums[j] = Simd.Fma(x[i], E.Value(row[j]), sums[j]);
            }
        }

        // columns is a multiple of a vector.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void EightTerms<V>(T* b, nint ldb, float* x, int columns, float* sums) where V : struct, ISimd<V>
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
            int within = block % _layout.PartPieces * PieceColumns, column = block / _layout.PartPieces * _layout.Columns + within;
            int columns = Math.Min(Math.Min(PieceColumns, _layout.Columns - within), _shape.N - column);
            if (columns <= 0)
                return;
            Add<V>(_sums + column, columns);
            _epilogue.Apply<V>(_sums + column, 0, _c + column, 0, 1, columns, column);
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
