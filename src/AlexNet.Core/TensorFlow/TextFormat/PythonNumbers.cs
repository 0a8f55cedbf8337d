using System.Globalization;

namespace AlexNetTF.TensorFlow;

/// <summary>Writes floating-point numbers as Python does, which is how TensorFlow's text files have them.</summary>
internal static class PythonNumbers
{
    private const int SmallestFixedExponent = -4;

    /// <summary>Python's <c>repr</c>: the fewest digits that read back as the same number.</summary>
    public static string Repr(double value) => Special(value) ?? Layout(value.ToString("R", CultureInfo.InvariantCulture), 16, ".0");

    /// <summary>
    /// A float32 in text protos: of 6, 7, 8, 9 significant digits the first count that reads back as the same float32.
    /// </summary>
    public static string Repr(float value)
    {
        if (Special(value) is { } special) return special;
        string digits = "";
        for (int decimals = 5; decimals <= 8; decimals++)
        {
            digits = value.ToString("E" + decimals, CultureInfo.InvariantCulture);
            if (float.Parse(digits, CultureInfo.InvariantCulture) == value) break;
        }

        return Layout(digits, 16, ".0");
    }

    /// <summary>C's <c>%.9g</c>: nine significant digits without trailing zeros, enough for any float32.</summary>
    public static string NineDigits(double value) => Special(value) ?? Layout(value.ToString("E8", CultureInfo.InvariantCulture), 9, "");

    private static string? Special(double value) =>
        double.IsNaN(value) ? "nan" : double.IsPositiveInfinity(value) ? "inf" : double.IsNegativeInfinity(value) ? "-inf" : null;

    /// <summary>Lays out a number in .NET's notation anew.</summary>
    /// <param name="number">Such as <c>-1.5E-005</c> or <c>0.25</c>.</param>
    /// <param name="largestFixed">From this decimal exponent on an exponent is written.</param>
    /// <param name="wholeSuffix">What follows a number without decimals.</param>
    private static string Layout(string number, int largestFixed, string wholeSuffix)
    {
        string sign = number[0] == '-' ? "-" : "";
        string[] parts = number[sign.Length..].Split('E');
        string whole = parts[0].Split('.')[0];
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        int exponent = whole.Length - 1 + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        int zeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        if (digits.Length == 0) return $"{sign}0{wholeSuffix}";
        return sign + Place(digits, exponent - zeros, largestFixed, wholeSuffix);
    }

    // The number is d.ddd times 10 to the exponent.
    private static string Place(string digits, int exponent, int largestFixed, string wholeSuffix)
    {
        if (exponent < SmallestFixedExponent || exponent >= largestFixed)
        {
            string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (exponent < 0) return $"0.{new string('0', -exponent - 1)}{digits}";
        return exponent >= digits.Length - 1
            ? $"{digits.PadRight(exponent + 1, '0')}{wholeSuffix}"
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
