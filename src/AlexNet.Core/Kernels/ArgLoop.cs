using System.Numerics;
using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>Which element a search prefers, as a type argument.</summary>
internal interface IOrder<T>
{
    /// <summary>What every element is at least as good as.</summary>
    static abstract T Worst { get; }

    static abstract bool IsBetter(T candidate, T best);
}

internal readonly struct ArgLargest<T> : IOrder<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Worst => Largest<T>.Start;

    public static bool IsBetter(T candidate, T best) => candidate > best;
}

internal readonly struct ArgSmallest<T> : IOrder<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Worst => Smallest<T>.Start;

    public static bool IsBetter(T candidate, T best) => candidate < best;
}

/// <summary>
/// The place of the best element along one dimension: the first of several, 0 where none is better than the worst (all NaN).
/// The tensor is outer × length × inner; a block is a range of results.
/// </summary>
internal readonly unsafe struct ArgLoop<T, TOrder>(int length, long inner, long results, T* x, void* y, bool wide) : IBlock
    where T : unmanaged
    where TOrder : struct, IOrder<T>
{
    private long ResultsPerBlock => Math.Max(1, (1 << 15) / length);

    public int Blocks => (int)((results + ResultsPerBlock - 1) / ResultsPerBlock);

    public void Run(int block)
    {
        long end = Math.Min(results, (block + 1) * ResultsPerBlock);
        for (long result = block * ResultsPerBlock; result < end; result++)
        {
            (long outer, long column) = Math.DivRem(result, inner);
            int place = Find(x + (outer * length * inner) + column);
            if (wide) ((long*)y)[result] = place;
            else ((int*)y)[result] = place;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(T* from)
    {
        T best = TOrder.Worst;
        int place = 0;
        for (int i = 0; i < length; i++)
        {
            T candidate = from[i * inner];
            if (!TOrder.IsBetter(candidate, best)) continue;
            best = candidate;
            place = i;
        }

        return place;
    }
}
