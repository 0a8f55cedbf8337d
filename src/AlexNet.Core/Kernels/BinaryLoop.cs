using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>A function of two numbers as a type argument, so that a loop is compiled for it.</summary>
internal interface IBinary<TSelf, T, TResult>
    where TSelf : struct, IBinary<TSelf, T, TResult>
{
    /// <summary>What makes the operands impossible, or null; asked before any element is computed.</summary>
    static virtual string? Problem(ReadOnlySpan<T> x, ReadOnlySpan<T> y) => null;

    static abstract TResult Invoke(T x, T y);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static virtual void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<TResult> z)
    {
        for (int i = 0; i < z.Length; i++) z[i] = TSelf.Invoke(x[i], y[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static virtual void Invoke(ReadOnlySpan<T> x, T y, Span<TResult> z)
    {
        for (int i = 0; i < z.Length; i++) z[i] = TSelf.Invoke(x[i], y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static virtual void Invoke(T x, ReadOnlySpan<T> y, Span<TResult> z)
    {
        for (int i = 0; i < z.Length; i++) z[i] = TSelf.Invoke(x, y[i]);
    }
}

/// <summary>Applies a function of two numbers with broadcasting; a block of <see cref="BroadcastPlan"/>'s is the unit of work.</summary>
internal readonly unsafe struct BinaryLoop<T, TResult, TFunction>(BroadcastPlan plan, T* x, T* y, TResult* z) : IBlock
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : struct, IBinary<TFunction, T, TResult>
{
    public void Run(int block)
    {
        (long row, long end, int start, int length) = plan.Block(block);
        Span<int> digits = stackalloc int[plan.OuterRank];
        bool xMoves = plan.Moves(0), yMoves = plan.Moves(1);
        var at = plan.Seek(row, digits);
        for (; row < end; row++)
        {
            T* a = x + at.A + (xMoves ? start : 0), b = y + at.B + (yMoves ? start : 0);
            var result = new Span<TResult>(z + (row * plan.Inner) + start, length);
            if (xMoves && yMoves) TFunction.Invoke(new ReadOnlySpan<T>(a, length), new ReadOnlySpan<T>(b, length), result);
            else if (xMoves) TFunction.Invoke(new ReadOnlySpan<T>(a, length), *b, result);
            else if (yMoves) TFunction.Invoke(*a, new ReadOnlySpan<T>(b, length), result);
            else result.Fill(TFunction.Invoke(*a, *b));
            plan.Advance(ref at, digits);
        }
    }
}
