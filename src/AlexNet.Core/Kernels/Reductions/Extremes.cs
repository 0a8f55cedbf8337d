using System.Numerics;
using System.Numerics.Tensors;

namespace AlexNetTF.Kernels;

/// <summary>The largest number: NaN is passed over; of none, or of NaN alone, the least value of the type.</summary>
internal readonly struct Largest<T> : IReduction<T, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Start => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateTruncating(double.NegativeInfinity) : T.MinValue;

    public static T Run(ReadOnlySpan<T> x) => x.IsEmpty ? Start : Combine(Start, TensorPrimitives.MaxNumber(x));

    public static T Combine(T first, T second) => second > first ? second : first;

    public static void Accumulate(Span<T> partial, ReadOnlySpan<T> row) => TensorPrimitives.MaxNumber(partial, row, partial);

    public static T Finish(T partial, long count) => partial;
}

/// <summary>The smallest number: NaN is passed over; of none, or of NaN alone, the greatest value of the type.</summary>
internal readonly struct Smallest<T> : IReduction<T, T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Start => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateTruncating(double.PositiveInfinity) : T.MaxValue;

    public static T Run(ReadOnlySpan<T> x) => x.IsEmpty ? Start : Combine(Start, TensorPrimitives.MinNumber(x));

    public static T Combine(T first, T second) => second < first ? second : first;

    public static void Accumulate(Span<T> partial, ReadOnlySpan<T> row) => TensorPrimitives.MinNumber(partial, row, partial);

    public static T Finish(T partial, long count) => partial;
}
