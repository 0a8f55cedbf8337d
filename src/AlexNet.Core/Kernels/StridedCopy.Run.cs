using System.Runtime.Intrinsics;

namespace AlexNetTF.Kernels;

/// <content>The loops.</content>
internal sealed unsafe partial class StridedCopy
{
    // A transposition goes through the matrix in tiles that stay in the first-level cache.
    private const int Tile = 32;

    /// <summary>Copies; what each element becomes does not depend on the number of threads.</summary>
    public void Run(byte* source, byte* target, int threads)
    {
        if (units == 0) return;
        long blocks = pieces > 1 ? units * pieces : (units + unitsPerBlock - 1) / unitsPerBlock;
        if (blocks <= 2)
        {
            for (int block = 0; block < blocks; block++) RunBlock(source, target, block);
        }
        else
        {
            Workers.For(threads, checked((int)blocks), new Blocks(this, source, target));
        }
    }

    private void RunBlock(byte* source, byte* target, long block)
    {
        long first = pieces > 1 ? block / pieces : block * unitsPerBlock;
        long last = pieces > 1 ? first + 1 : Math.Min(units, first + unitsPerBlock);
        long from = pieces > 1 ? block % pieces * pieceLength : 0;
        long to = pieces > 1 ? Math.Min(length, from + pieceLength) : length;
        int* index = stackalloc int[dims.Length];
        long rest = first;
        for (int d = dims.Length - 1; d >= 0; d--)
        {
            index[d] = (int)(rest % dims[d]);
            rest /= dims[d];
            source += index[d] * sourceStrides[d];
            target += index[d] * targetStrides[d];
        }

        for (long unit = first; unit < last; unit++)
        {
            RunUnit(source, target, from, to);
            for (int d = dims.Length - 1; d >= 0; d--)
            {
                source += sourceStrides[d];
                target += targetStrides[d];
                if (++index[d] < dims[d]) break;
                source -= sourceStrides[d] * dims[d];
                target -= targetStrides[d] * dims[d];
                index[d] = 0;
            }
        }
    }

    private void RunUnit(byte* source, byte* target, long from, long to)
    {
        if (form == Form.Run)
        {
            Buffer.MemoryCopy(source + from, target + from, to - from, to - from);
            return;
        }

        switch (elementSize)
        {
            case 1: RunElements<byte>(source, target, from, to); break;
            case 2: RunElements<ushort>(source, target, from, to); break;
            case 4: RunElements<uint>(source, target, from, to); break;
            case 8: RunElements<ulong>(source, target, from, to); break;
            case 16: RunElements<Vector128<byte>>(source, target, from, to); break;
            default: RunElements<Vector256<byte>>(source, target, from, to); break;
        }
    }

    private void RunElements<T>(byte* source, byte* target, long from, long to)
        where T : unmanaged
    {
        if (form == Form.Transposition)
        {
            if (length == columns) Transpose<T>(source + (from * sourceStep), target + (from * sizeof(T)), to - from, rows);
            else Transpose<T>(source + (from * sizeof(T)), target + (from * rowTarget), columns, to - from);
            return;
        }

        source += from * sourceStep;
        target += from * targetStep;
        if (sourceStep == 0 && targetStep == sizeof(T)) Fill(*(T*)source, (T*)target, to - from);
        else MoveRow<T>(source, target, to - from);
    }

    private static void Fill<T>(T value, T* target, long count)
        where T : unmanaged
    {
        for (long i = 0; i < count; i += int.MaxValue) new Span<T>(target + i, (int)Math.Min(int.MaxValue, count - i)).Fill(value);
    }

    private void MoveRow<T>(byte* source, byte* target, long count)
        where T : unmanaged
    {
        long step = sourceStep, targetStep = this.targetStep;
        for (long i = 0; i < count; i++)
        {
            *(T*)target = *(T*)source;
            source += step;
            target += targetStep;
        }
    }

    private void Transpose<T>(byte* source, byte* target, long columns, long rows)
        where T : unmanaged
    {
        for (long column = 0; column < columns; column += Tile)
        {
            int width = (int)Math.Min(Tile, columns - column);
            for (long row = 0; row < rows; row += Tile)
            {
                int height = (int)Math.Min(Tile, rows - row);
                TransposeTile.Run<T>(
                    source + (column * sourceStep) + (row * sizeof(T)),
                    sourceStep,
                    target + (column * sizeof(T)) + (row * rowTarget),
                    rowTarget,
                    width,
                    height);
            }
        }
    }

    private readonly struct Blocks(StridedCopy copy, byte* source, byte* target) : IBlock
    {
        private readonly byte* source = source;
        private readonly byte* target = target;

        public void Run(int block) => copy.RunBlock(source, target, block);
    }
}
