using System.Numerics;

namespace AlexNetTF.Kernels;

/// <summary>Division of integers, also inside functions written for all numbers.</summary>
internal static class IntegerDivision
{
    /// <summary>Why the divisors are impossible, or null: an integer 0 among them.</summary>
    public static string? Problem<T>(ReadOnlySpan<T> divisors)
        where T : unmanaged, INumber<T> =>
        IsInteger<T>() && divisors.Contains(T.Zero) ? "an integer cannot be divided by 0, which input 1 holds" : null;

    /// <summary>Toward 0. The smallest number divided by −1 wraps around to itself, as it does on negation.</summary>
    public static T Truncate<T>(T x, T y)
        where T : unmanaged, INumber<T> => IsInteger<T>() && y == -T.One && T.IsNegative(y) ? -x : x / y;

    /// <summary>What <see cref="Truncate"/> leaves: of the dividend's sign.</summary>
    public static T Rest<T>(T x, T y)
        where T : unmanaged, INumber<T> => IsInteger<T>() && y == -T.One && T.IsNegative(y) ? T.Zero : x % y;

    /// <summary>Down.</summary>
    public static T Floor<T>(T x, T y)
        where T : unmanaged, INumber<T>
    {
        T quotient = Truncate(x, y);
        return (x < T.Zero) != (y < T.Zero) && Rest(x, y) != T.Zero ? quotient - T.One : quotient;
    }

    private static bool IsInteger<T>() => typeof(T) != typeof(float) && typeof(T) != typeof(double);
}
