using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>A function of one number as a type argument, so that a loop is compiled for it.</summary>
internal interface IUnary<TSelf, T, TResult>
    where TSelf : struct, IUnary<TSelf, T, TResult>
{
    static abstract TResult Invoke(T x);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static virtual void Invoke(ReadOnlySpan<T> x, Span<TResult> y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = TSelf.Invoke(x[i]);
    }
}

/// <summary>Applies a function of one number to every element; a block is a fixed number of elements.</summary>
internal readonly unsafe struct UnaryLoop<T, TResult, TFunction>(T* x, TResult* y, int count) : IBlock
    where T : unmanaged
    where TResult : unmanaged
    where TFunction : struct, IUnary<TFunction, T, TResult>
{
    private const int BlockElements = 1 << 15;

    public static int Blocks(int count) => (int)(((long)count + BlockElements - 1) / BlockElements);

    public void Run(int block)
    {
        int start = block * BlockElements, length = Math.Min(BlockElements, count - start);
        TFunction.Invoke(new ReadOnlySpan<T>(x + start, length), new Span<TResult>(y + start, length));
    }
}
