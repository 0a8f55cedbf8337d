using System.Numerics;
using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>The largest number: NaN is passed over; of none, or of NaN alone, the least value of the type. A zero comes out positive.</summary>
internal readonly struct Largest<T> : IReduction<Largest<T>, T, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Start => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateTruncating(double.NegativeInfinity) : T.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Run(ReadOnlySpan<T> x)
    {
        var best = new Vector<T>(Start);
        int i = 0;
        for (; i + Vector<T>.Count <= x.Length; i += Vector<T>.Count) best = Better(new Vector<T>(x[i..]), best);
        T result = Start;
        for (int lane = 0; lane < Vector<T>.Count; lane++) result = Combine(result, best[lane]);
        for (; i < x.Length; i++) result = Combine(result, x[i]);
        return result;
    }

    public static T Combine(T first, T second) => second > first ? second : first;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(Span<T> partial, ReadOnlySpan<T> row)
    {
        int i = 0;
        for (; i + Vector<T>.Count <= partial.Length; i += Vector<T>.Count) Better(new Vector<T>(row[i..]), new Vector<T>(partial[i..])).CopyTo(partial[i..]);
        for (; i < partial.Length; i++) partial[i] = Combine(partial[i], row[i]);
    }

    public static T Finish(T partial, long count) => T.IsZero(partial) ? T.Zero : partial;

    private static Vector<T> Better(Vector<T> candidate, Vector<T> best) => Vector.ConditionalSelect(Vector.GreaterThan(candidate, best), candidate, best);
}

/// <summary>The smallest number: NaN is passed over; of none, or of NaN alone, the greatest value of the type. A zero comes out positive.</summary>
internal readonly struct Smallest<T> : IReduction<Smallest<T>, T, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Start => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateTruncating(double.PositiveInfinity) : T.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Run(ReadOnlySpan<T> x)
    {
        var best = new Vector<T>(Start);
        int i = 0;
        for (; i + Vector<T>.Count <= x.Length; i += Vector<T>.Count) best = Better(new Vector<T>(x[i..]), best);
        T result = Start;
        for (int lane = 0; lane < Vector<T>.Count; lane++) result = Combine(result, best[lane]);
        for (; i < x.Length; i++) result = Combine(result, x[i]);
        return result;
    }

    public static T Combine(T first, T second) => second < first ? second : first;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(Span<T> partial, ReadOnlySpan<T> row)
    {
        int i = 0;
        for (; i + Vector<T>.Count <= partial.Length; i += Vector<T>.Count) Better(new Vector<T>(row[i..]), new Vector<T>(partial[i..])).CopyTo(partial[i..]);
        for (; i < partial.Length; i++) partial[i] = Combine(partial[i], row[i]);
    }

    public static T Finish(T partial, long count) => T.IsZero(partial) ? T.Zero : partial;

    private static Vector<T> Better(Vector<T> candidate, Vector<T> best) => Vector.ConditionalSelect(Vector.LessThan(candidate, best), candidate, best);
}
