using System.Globalization;
using System.Text.Json;

namespace AlexNetTF.Testing;

/// <summary>Reads attributes of a case: a number may be written as int or float, a key may be absent or null.</summary>
public static class AttrExtensions
{
    /// <summary>Whether the key is there and not null.</summary>
    public static bool Has(this JsonElement attrs, string key) => attrs.Find(key) is not null;

    /// <summary>The value of a key, or null where it is absent or null.</summary>
    public static JsonElement? Find(this JsonElement attrs, string key) =>
        attrs.ValueKind == JsonValueKind.Object && attrs.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>The value of a key that must be there.</summary>
    public static JsonElement Get(this JsonElement attrs, string key) =>
        attrs.Find(key) ?? throw new InvalidDataException($"The key {key} is missing in {Short(attrs)}.");

    /// <summary>An integer.</summary>
    public static int Int(this JsonElement attrs, string key) => checked((int)attrs.Get(key).AsLong());

    /// <summary>An integer, or a default where the key is absent.</summary>
    public static int Int(this JsonElement attrs, string key, int otherwise) => attrs.Has(key) ? attrs.Int(key) : otherwise;

    /// <summary>A 64-bit integer.</summary>
    public static long Long(this JsonElement attrs, string key) => attrs.Get(key).AsLong();

    /// <summary>A 64-bit integer, or null where the key is absent or null.</summary>
    public static long? LongOrNull(this JsonElement attrs, string key) => attrs.Find(key)?.AsLong();

    /// <summary>A number.</summary>
    public static double Double(this JsonElement attrs, string key) => attrs.Get(key).AsDouble();

    /// <summary>A number, or a default where the key is absent.</summary>
    public static double Double(this JsonElement attrs, string key, double otherwise) => attrs.Find(key)?.AsDouble() ?? otherwise;

    /// <summary>A number rounded to float32 from its text.</summary>
    public static float Float(this JsonElement attrs, string key) => attrs.Get(key).AsFloat();

    /// <summary>A number rounded to float32, or a default where the key is absent.</summary>
    public static float Float(this JsonElement attrs, string key, float otherwise) => attrs.Find(key)?.AsFloat() ?? otherwise;

    /// <summary>true or false.</summary>
    public static bool Bool(this JsonElement attrs, string key) => attrs.Get(key).GetBoolean();

    /// <summary>true or false, or a default where the key is absent.</summary>
    public static bool Bool(this JsonElement attrs, string key, bool otherwise) => attrs.Find(key)?.GetBoolean() ?? otherwise;

    /// <summary>A text.</summary>
    public static string Text(this JsonElement attrs, string key) => attrs.Get(key).GetString()!;

    /// <summary>A text, or a default where the key is absent.</summary>
    public static string Text(this JsonElement attrs, string key, string otherwise) => attrs.Find(key)?.GetString() ?? otherwise;

    /// <summary>A list of integers; a single number is a list of one.</summary>
    public static int[] Ints(this JsonElement attrs, string key) => attrs.Get(key).AsInts();

    /// <summary>A list of integers, or null where the key is absent or null.</summary>
    public static int[]? IntsOrNull(this JsonElement attrs, string key) => attrs.Find(key)?.AsInts();

    /// <summary>An integer that may be written as 2 or 2.0.</summary>
    public static long AsLong(this JsonElement value) => value.TryGetInt64(out long exact) ? exact : checked((long)value.GetDouble());

    /// <summary>A list of integers; a single number is a list of one.</summary>
    public static int[] AsInts(this JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(e => checked((int)e.AsLong()))]
        : [checked((int)value.AsLong())];

    /// <summary>A number, or "NaN", "Infinity", "-Infinity".</summary>
    public static double AsDouble(this JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetDouble();

    /// <summary>A number rounded once, from its text, to float32; or "NaN", "Infinity", "-Infinity".</summary>
    public static float AsFloat(this JsonElement value) => value.ValueKind == JsonValueKind.String
        ? float.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : value.GetSingle();

    private static string Short(JsonElement value)
    {
        string text = value.ToString();
        return text.Length <= 200 ? text : text[..200] + "…";
    }
}
