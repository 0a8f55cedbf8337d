using System.Numerics;

namespace AlexNetTF.Kernels;

/// <summary>Sums of integers, which wrap around at the end of their type.</summary>
internal readonly struct IntegerSum<T> : IReduction<IntegerSum<T>, T, long>
    where T : unmanaged, INumber<T>
{
    public static long Start => 0;

    public static long Run(ReadOnlySpan<T> x)
    {
        long sum = 0;
        foreach (T value in x) sum += long.CreateTruncating(value);
        return sum;
    }

    public static long Combine(long first, long second) => first + second;

    public static void Accumulate(Span<long> partial, ReadOnlySpan<T> row)
    {
        for (int i = 0; i < partial.Length; i++) partial[i] += long.CreateTruncating(row[i]);
    }

    public static T Finish(long partial, long count) => T.CreateTruncating(partial);
}

/// <summary>Means of integers, rounded toward 0; 0 of none.</summary>
internal readonly struct IntegerMean<T> : IReduction<IntegerMean<T>, T, long>
    where T : unmanaged, INumber<T>
{
    public static long Start => 0;

    public static long Run(ReadOnlySpan<T> x) => IntegerSum<T>.Run(x);

    public static long Combine(long first, long second) => first + second;

    public static void Accumulate(Span<long> partial, ReadOnlySpan<T> row) => IntegerSum<T>.Accumulate(partial, row);

    public static T Finish(long partial, long count) => count == 0 ? T.Zero : T.CreateTruncating(partial / count);
}
