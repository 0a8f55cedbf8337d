using System.Globalization;

namespace AlexNetTF.Benchmarks;

/// <summary>What the name of a row of whole networks says.</summary>
internal readonly record struct BatchRow(int Batch, bool Int8)
{
    private const string Bytes = "-int8";

    /// <summary>Of <c>batch-8</c> or <c>batch-1-int8</c>.</summary>
    public static BatchRow Parse(string row)
    {
        bool int8 = row.EndsWith(Bytes, StringComparison.Ordinal);
        string number = row["batch-".Length..^(int8 ? Bytes.Length : 0)];
        return new BatchRow(int.Parse(number, CultureInfo.InvariantCulture), int8);
    }
}
