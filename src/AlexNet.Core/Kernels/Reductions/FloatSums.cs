using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Kernels;

/// <summary>
/// Sums of floating-point numbers in double. Element i of a stretch goes to lane i mod 16, the lanes are added as a tree:
/// an order that no vector width changes.
/// </summary>
internal readonly struct FloatSum<T> : IReduction<FloatSum<T>, T, double>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static double Start => 0;

    public static double Run(ReadOnlySpan<T> x) => typeof(T) == typeof(float)
        ? FloatSums.Sum(MemoryMarshal.Cast<T, float>(x))
        : FloatSums.Sum(MemoryMarshal.Cast<T, double>(x));

    public static double Combine(double first, double second) => first + second;

    public static void Accumulate(Span<double> partial, ReadOnlySpan<T> row) => FloatSums.Accumulate(partial, row);

    public static unsafe void Accumulate(Span<double> partial, T** rows, int count) => FloatSums.Accumulate(partial, rows, count);

    public static T Finish(double partial, long count) => T.CreateTruncating(partial);
}

/// <summary>Means: as sums, divided by the number of elements; NaN of none.</summary>
internal readonly struct FloatMean<T> : IReduction<FloatMean<T>, T, double>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static double Start => 0;

    public static double Run(ReadOnlySpan<T> x) => FloatSum<T>.Run(x);

    public static double Combine(double first, double second) => first + second;

    public static void Accumulate(Span<double> partial, ReadOnlySpan<T> row) => FloatSums.Accumulate(partial, row);

    public static unsafe void Accumulate(Span<double> partial, T** rows, int count) => FloatSums.Accumulate(partial, rows, count);

    public static T Finish(double partial, long count) => T.CreateTruncating(partial / count);
}

/// <summary>Half the sum of squares, in the order of <see cref="FloatSum{T}"/>.</summary>
internal readonly struct HalfSquareSum<T> : IReduction<HalfSquareSum<T>, T, double>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static double Start => 0;

    public static double Run(ReadOnlySpan<T> x) => typeof(T) == typeof(float)
        ? FloatSums.SumOfSquares(MemoryMarshal.Cast<T, float>(x))
        : FloatSums.SumOfSquares(MemoryMarshal.Cast<T, double>(x));

    public static double Combine(double first, double second) => first + second;

    public static void Accumulate(Span<double> partial, ReadOnlySpan<T> row)
    {
        for (int i = 0; i < partial.Length; i++)
        {
            double value = double.CreateTruncating(row[i]);
            partial[i] += value * value;
        }
    }

    public static T Finish(double partial, long count) => T.CreateTruncating(partial / 2);
}

/// <summary>The loops of the sums: sixteen lanes as four vectors.</summary>
internal static class FloatSums
{
    private const int Lanes = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<float> x)
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        int whole = x.Length - (x.Length % Lanes);
        for (int i = 0; i < whole; i += Lanes)
        {
            ReadOnlySpan<float> next = x.Slice(i, Lanes);
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(next));
            a += lower;
            b += upper;
            (lower, upper) = Vector256.Widen(Vector256.Create(next[8..]));
            c += lower;
            d += upper;
        }

        Span<double> rest = stackalloc double[Lanes];
        rest.Clear();
        for (int i = whole; i < x.Length; i++) rest[i - whole] = x[i];
        return Total(a, b, c, d, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> x)
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        int whole = x.Length - (x.Length % Lanes);
        for (int i = 0; i < whole; i += Lanes)
        {
            ReadOnlySpan<double> next = x.Slice(i, Lanes);
            a += Vector256.Create(next);
            b += Vector256.Create(next[4..]);
            c += Vector256.Create(next[8..]);
            d += Vector256.Create(next[12..]);
        }

        Span<double> rest = stackalloc double[Lanes];
        rest.Clear();
        x[whole..].CopyTo(rest);
        return Total(a, b, c, d, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        int whole = x.Length - (x.Length % Lanes);
        for (int i = 0; i < whole; i += Lanes)
        {
            ReadOnlySpan<float> next = x.Slice(i, Lanes);
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(next));
            a += lower * lower;
            b += upper * upper;
            (lower, upper) = Vector256.Widen(Vector256.Create(next[8..]));
            c += lower * lower;
            d += upper * upper;
        }

        Span<double> rest = stackalloc double[Lanes];
        rest.Clear();
        for (int i = whole; i < x.Length; i++) rest[i - whole] = (double)x[i] * x[i];
        return Total(a, b, c, d, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<double> x)
    {
        Span<double> lanes = stackalloc double[Lanes];
        lanes.Clear();
        for (int i = 0; i < x.Length; i++) lanes[i % Lanes] += x[i] * x[i];
        return Total(default, default, default, default, lanes);
    }

    public static void Accumulate<T>(Span<double> partial, ReadOnlySpan<T> row)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < partial.Length; i++) partial[i] += double.CreateTruncating(row[i]);
    }

    public static unsafe void Accumulate<T>(Span<double> partial, T** rows, int count)
        where T : unmanaged, INumber<T>
    {
        int done = typeof(T) == typeof(float) ? AccumulateVectors(partial, (float**)rows, count) : 0;
        for (int i = done; i < partial.Length; i++)
        {
            for (int row = 0; row < count; row++) partial[i] += double.CreateTruncating(rows[row][i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int AccumulateVectors(Span<double> partial, float** rows, int count)
    {
        int i = 0;
        fixed (double* sums = partial)
        {
            for (; i + 8 <= partial.Length; i += 8)
            {
                Vector256<double> first = Vector256.Load(sums + i), second = Vector256.Load(sums + i + 4);
                for (int row = 0; row < count; row++)
                {
                    (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Load(rows[row] + i));
                    first += lower;
                    second += upper;
                }

                first.Store(sums + i);
                second.Store(sums + i + 4);
            }
        }

        return i;
    }

    private static double Total(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, ReadOnlySpan<double> rest)
    {
        a += Vector256.Create(rest);
        b += Vector256.Create(rest[4..]);
        c += Vector256.Create(rest[8..]);
        d += Vector256.Create(rest[12..]);
        Vector256<double> sum = (a + b) + (c + d);
        return (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
}
