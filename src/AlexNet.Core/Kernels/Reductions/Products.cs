using System.Numerics;

namespace AlexNetTF.Kernels;

/// <summary>Products of floating-point numbers, in double from the first element to the last.</summary>
internal readonly struct FloatProduct<T> : IReduction<FloatProduct<T>, T, double>
    where T : unmanaged, INumber<T>
{
    public static double Start => 1;

    public static double Run(ReadOnlySpan<T> x)
    {
        double product = 1;
        foreach (T value in x) product *= double.CreateTruncating(value);
        return product;
    }

    public static double Combine(double first, double second) => first * second;

    public static void Accumulate(Span<double> partial, ReadOnlySpan<T> row)
    {
        for (int i = 0; i < partial.Length; i++) partial[i] *= double.CreateTruncating(row[i]);
    }

    public static T Finish(double partial, long count) => T.CreateTruncating(partial);
}

/// <summary>Products of integers, which wrap around at the end of their type.</summary>
internal readonly struct IntegerProduct<T> : IReduction<IntegerProduct<T>, T, long>
    where T : unmanaged, INumber<T>
{
    public static long Start => 1;

    public static long Run(ReadOnlySpan<T> x)
    {
        long product = 1;
        foreach (T value in x) product *= long.CreateTruncating(value);
        return product;
    }

    public static long Combine(long first, long second) => first * second;

    public static void Accumulate(Span<long> partial, ReadOnlySpan<T> row)
    {
        for (int i = 0; i < partial.Length; i++) partial[i] *= long.CreateTruncating(row[i]);
    }

    public static T Finish(long partial, long count) => T.CreateTruncating(partial);
}
