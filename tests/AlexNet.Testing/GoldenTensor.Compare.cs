using System.Runtime.InteropServices;
using NumSharp;
using NUnit.Framework;

namespace AlexNetTF.Testing;

/// <content>The comparison with an actual tensor.</content>
public sealed partial class GoldenTensor
{
    /// <summary>The sums have 12 digits.</summary>
    private const double SumDigits = 1e-11;

    /// <summary>Fails the test where the actual tensor differs in type, shape or by more than the tolerance in a value.</summary>
    /// <param name="actual">The whole actual tensor in C order. A float64 one may stand against float32.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="tolerance">How far values may lie apart.</param>
    /// <param name="what">What is compared, for the message.</param>
    public void AssertEqual<T>(ReadOnlySpan<T> actual, ReadOnlySpan<int> shape, Tolerance tolerance, string what = "tensor")
        where T : unmanaged
    {
        if (Difference(actual, shape, tolerance) is { } difference)
            Assert.Fail($"{what}: {difference}");
    }

    /// <summary>As the other overload, for an array.</summary>
    public void AssertEqual<T>(T[] actual, ReadOnlySpan<int> shape, Tolerance tolerance, string what = "tensor")
        where T : unmanaged =>
        AssertEqual(new ReadOnlySpan<T>(actual), shape, tolerance, what);

    /// <summary>As the other overloads, for what a session returns.</summary>
    public void AssertEqual(NDArray actual, Tolerance tolerance, string what = "tensor")
    {
        int[] shape = Array.ConvertAll(actual.shape, size => checked((int)size));
        switch (actual.typecode)
        {
            case NPTypeCode.Single: AssertEqual(actual.ToArray<float>(), shape, tolerance, what); break;
            case NPTypeCode.Double: AssertEqual(actual.ToArray<double>(), shape, tolerance, what); break;
            case NPTypeCode.Int32: AssertEqual(actual.ToArray<int>(), shape, tolerance, what); break;
            case NPTypeCode.Int64: AssertEqual(actual.ToArray<long>(), shape, tolerance, what); break;
            case NPTypeCode.Boolean: AssertEqual(actual.ToArray<bool>(), shape, tolerance, what); break;
            case NPTypeCode.Byte: AssertEqual(actual.ToArray<byte>(), shape, tolerance, what); break;
            case NPTypeCode.Int16: AssertEqual(actual.ToArray<short>(), shape, tolerance, what); break;
            case NPTypeCode.UInt16: AssertEqual(actual.ToArray<ushort>(), shape, tolerance, what); break;
            case NPTypeCode.UInt32: AssertEqual(actual.ToArray<uint>(), shape, tolerance, what); break;
            case NPTypeCode.UInt64: AssertEqual(actual.ToArray<ulong>(), shape, tolerance, what); break;
            default: Assert.Fail($"{what}: the type {actual.typecode} is not compared."); break;
        }
    }

    /// <summary>The first difference in words, or null where there is none.</summary>
    public string? Difference<T>(ReadOnlySpan<T> actual, ReadOnlySpan<int> shape, Tolerance tolerance)
        where T : unmanaged
    {
        string type = NameOf(typeof(T));
        bool sameType = type == DType || (IsFloat && type is "float32" or "float64");
        if (!sameType)
            return $"expected type {DType}, actual {type}";
        if (!shape.SequenceEqual(Shape))
            return $"expected shape [{string.Join(", ", Shape)}], actual [{string.Join(", ", shape.ToArray())}]";
        if (actual.Length != Count)
            return $"expected {Count} elements, actual {actual.Length}";
        return DifferentElement(actual, tolerance) ?? DifferentTotals(actual, tolerance) ?? DifferentHash(actual, tolerance);
    }

    private string? DifferentElement<T>(ReadOnlySpan<T> actual, Tolerance tolerance)
        where T : unmanaged
    {
        for (int i = 0; i < _data.Length; i++)
        {
            object expected = _data.GetValue(i)!;
            T found = actual[i * Stride];
            if (!Same(expected, found, tolerance))
                return $"at {IndexOf((long)i * Stride)}: expected {expected:R}, actual {found:R}, {Apart(expected, found)}tolerance {tolerance}";
        }

        return null;
    }

    private static bool Same<T>(object expected, T found, Tolerance tolerance)
        where T : unmanaged
    {
        if (expected is T typed && found is not (float or double or Half))
            return EqualityComparer<T>.Default.Equals(typed, found);
        double e = ToDouble(expected), a = ToDouble(found);
        if (!double.IsFinite(e) || !double.IsFinite(a))
            return e.Equals(a);
        return tolerance.Bits ? e.Equals(a) && double.IsNegative(e) == double.IsNegative(a) : Math.Abs(e - a) <= tolerance.Error;
    }

    private static string Apart<T>(object expected, T found)
        where T : unmanaged
    {
        double difference = Math.Abs(ToDouble(expected) - ToDouble(found));
        return double.IsFinite(difference) ? $"{difference:R} apart, " : "";
    }

    private string? DifferentTotals<T>(ReadOnlySpan<T> actual, Tolerance tolerance)
        where T : unmanaged
    {
        if (Sum is null && AbsSum is null && Max is null && Min is null)
            return null;
        double sum = 0, magnitudes = 0, max = double.NegativeInfinity, min = double.PositiveInfinity;
        foreach (T item in actual)
        {
            double value = ToDouble(item);
            sum += value;
            magnitudes += Math.Abs(value);
            max = Math.Max(max, value);
            min = Math.Min(min, value);
        }

        // Every element may be off by the tolerance, so the sums by as much for each of them.
        double slack = (Count * tolerance.Error) + (SumDigits * (Math.Abs(magnitudes) + 1e-300));
        return Off("sum", Sum, sum, slack) ?? Off("sum of magnitudes", AbsSum, magnitudes, slack)
            ?? Off("maximum", Max, max, tolerance.Error) ?? Off("minimum", Min, min, tolerance.Error);
    }

    private static string? Off(string what, double? expected, double actual, double slack) =>
        expected is not { } e || e.Equals(actual) || Math.Abs(e - actual) <= slack || (e == 0 && actual == 0)
            ? null
            : $"{what}: expected {e:R}, actual {actual:R}, tolerance {slack:R}";

    private string? DifferentHash<T>(ReadOnlySpan<T> actual, Tolerance tolerance)
        where T : unmanaged
    {
        if (Hash is not { } expected || !tolerance.Bits)
            return null;
        ulong found = Recipe.Fnv1a64(MemoryMarshal.AsBytes(actual));
        return found == expected ? null : $"FNV-1a of the bytes: expected {expected:x16}, actual {found:x16}";
    }

    private string IndexOf(long flat)
    {
        var index = new long[Shape.Length];
        long rest = flat;
        for (int d = Shape.Length - 1; d >= 0; d--)
        {
            index[d] = rest % Shape[d];
            rest /= Shape[d];
        }

        return $"[{string.Join(", ", index)}] (element {flat})";
    }
}
