namespace AlexNetTF.Kernels;

/// <summary>
/// Sums down the columns of a matrix: blocks of 256 rows each from top to bottom, then the blocks' sums in order, so the
/// bits do not depend on threads or vector width.
/// </summary>
internal static unsafe class ColumnSums
{
    private const int BlockRows = 256;

    internal static long WorkspaceBytes(int rows, int columns) => (long)Blocks(rows) * columns * sizeof(float);

    /// <param name="matrix">rows × columns, by rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="sums">One per column.</param>
    /// <param name="workspace">Of <see cref="WorkspaceBytes"/>.</param>
    /// <param name="threads">0 for all cores.</param>
    internal static void Run(float* matrix, int rows, int columns, float* sums, float* workspace, int threads)
    {
        int blocks = Blocks(rows);
        if (blocks <= 1)
        {
            Workers.ForSimd(1, 1, new Block(matrix, rows, columns, sums));
            return;
        }

        Workers.ForSimd(threads, blocks, new Block(matrix, rows, columns, workspace));
        Workers.ForSimd(1, 1, new Block(workspace, blocks, columns, sums, blocks));
    }

    private static int Blocks(int rows) => (rows + BlockRows - 1) / BlockRows;

    private readonly struct Block(float* matrix, int rows, int columns, float* sums, int blockRows = BlockRows) : ISimdBlock
    {
        public void Run<V>(int block)
            where V : struct, ISimd<V>
        {
            float* first = matrix + ((long)block * blockRows * columns);
            float* target = sums + ((long)block * columns);
            int count = Math.Min(blockRows, rows - (block * blockRows));
            int c = 0;
            for (; c + (4 * V.Width) <= columns; c += 4 * V.Width) SumFour<V>(first + c, count, target + c);
            for (; c + V.Width <= columns; c += V.Width) SumOne<V>(first + c, count, target + c);
            for (; c < columns; c++) target[c] = SumScalar(first + c, count);
        }

        private void SumFour<V>(float* at, int count, float* target)
            where V : struct, ISimd<V>
        {
            V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero;
            for (int r = 0; r < count; r++, at += columns)
            {
                a = V.Add(a, V.Load(at));
                b = V.Add(b, V.Load(at + V.Width));
                c = V.Add(c, V.Load(at + (2 * V.Width)));
                d = V.Add(d, V.Load(at + (3 * V.Width)));
            }

            V.Store(a, target);
            V.Store(b, target + V.Width);
            V.Store(c, target + (2 * V.Width));
            V.Store(d, target + (3 * V.Width));
        }

        private void SumOne<V>(float* at, int count, float* target)
            where V : struct, ISimd<V>
        {
            V sum = V.Zero;
            for (int r = 0; r < count; r++, at += columns) sum = V.Add(sum, V.Load(at));
            V.Store(sum, target);
        }

        private float SumScalar(float* at, int count)
        {
            float sum = 0;
            for (int r = 0; r < count; r++, at += columns) sum += *at;
            return sum;
        }
    }
}
