using System.Numerics;
using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>Takes each element from one of two operands by a condition of bytes, with broadcasting; elements move as bits of their size.</summary>
internal readonly unsafe struct SelectLoop<T>(BroadcastPlan plan, byte* condition, T* then, T* otherwise, T* result) : IBlock
    where T : unmanaged, IBinaryInteger<T>
{
    public void Run(int block)
    {
        (long row, long end, int start, int length) = plan.Block(block);
        Span<int> digits = stackalloc int[plan.OuterRank];
        int c = plan.Moves(0) ? 1 : 0, t = plan.Moves(1) ? 1 : 0, e = plan.Moves(2) ? 1 : 0;
        var at = plan.Seek(row, digits);
        for (; row < end; row++)
        {
            Row(condition + at.A + (c * start), c, then + at.B + (t * start), t, otherwise + at.C + (e * start), e, result + (row * plan.Inner) + start, length);
            plan.Advance(ref at, digits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(byte* c, int cStep, T* t, int tStep, T* e, int eStep, T* z, int length)
    {
        if (cStep == 0)
        {
            T* source = *c != 0 ? t : e;
            int step = *c != 0 ? tStep : eStep;
            if (step == 0) new Span<T>(z, length).Fill(*source);
            else new ReadOnlySpan<T>(source, length).CopyTo(new Span<T>(z, length));
            return;
        }

        for (int i = 0; i < length; i++)
        {
            // All bits set where the condition holds: no branch that a random condition would mislead.
            T mask = T.Zero - T.CreateTruncating(Unsafe.BitCast<bool, byte>(c[i] != 0));
            z[i] = (t[i * tStep] & mask) | (e[i * eStep] & ~mask);
        }
    }
}
