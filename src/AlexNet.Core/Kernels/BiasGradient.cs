using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// db[c] = Σ over rows of dy[row, c]: <c>BiasGradient.Run(dy, rows, columns, db, workspace, threads)</c>. Rows are summed in
/// blocks of 256, the blocks' sums in order, so that neither threads nor vectors change the bits.
/// </summary>
internal static unsafe class BiasGradient
{
    private const int BlockRows = 256;

    /// <summary>Bytes of workspace.</summary>
    internal static long WorkspaceBytes(long rows, int columns) => Blocks(rows) * columns * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(float* dy, long rows, int columns, float* db, void* workspace, int threads)
    {
        float* sums = (float*)workspace;
        int blocks = checked((int)Blocks(rows));
        Workers.ForSimd(threads, blocks, new Block(dy, rows, columns, sums));
        new Span<float>(db, columns).Clear();
        for (int i = 0; i < blocks; i++, sums += columns)
        {
            for (int c = 0; c < columns; c++)
                db[c] += sums[c];
        }
    }

    private static long Blocks(long rows) => (rows + BlockRows - 1) / BlockRows;

    private struct Block(float* dy, long rows, int columns, float* sums) : ISimdBlock
    {
        private readonly float* _dy = dy;
        private readonly float* _sums = sums;
        private readonly long _rows = rows;
        private readonly int _columns = columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            long first = (long)block * BlockRows, rows = Math.Min(BlockRows, _rows - first);
            float* dy = _dy + first * _columns, sums = _sums + (long)block * _columns;
            new Span<float>(sums, _columns).Clear();
            for (long r = 0; r < rows; r++, dy += _columns)
            {
                int c = 0;
                for (; c + V.Width <= _columns; c += V.Width)
                    V.Store(V.Add(V.Load(sums + c), V.Load(dy + c)), sums + c);
                for (; c < _columns; c++)
                    sums[c] += dy[c];
            }
        }
    }
}
