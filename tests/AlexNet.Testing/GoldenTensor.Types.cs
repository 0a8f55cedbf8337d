using System.Text.Json;

namespace AlexNetTF.Testing;

/// <content>The element types.</content>
public sealed partial class GoldenTensor
{
    /// <summary>NumPy's name of a .NET type.</summary>
    internal static string NameOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Single => "float32",
        TypeCode.Double => "float64",
        TypeCode.SByte => "int8",
        TypeCode.Int16 => "int16",
        TypeCode.Int32 => "int32",
        TypeCode.Int64 => "int64",
        TypeCode.Byte => "uint8",
        TypeCode.UInt16 => "uint16",
        TypeCode.UInt32 => "uint32",
        TypeCode.UInt64 => "uint64",
        TypeCode.Boolean => "bool",
        TypeCode.String => "string",
        _ => type == typeof(Half) ? "float16" : throw new NotSupportedException($"No tensor holds {type}."),
    };

    /// <summary>A value as a double: exact for all types but 64-bit integers beyond 2^53.</summary>
    internal static double ToDouble(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        Half half => (double)half,
        string => double.NaN,
        _ => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static Array ParseValues(string dtype, JsonElement data)
    {
        JsonElement[] items = data.ValueKind == JsonValueKind.Array ? [.. data.EnumerateArray()] : [data];
        return dtype switch
        {
            // float16 and bfloat16 values are listed as the float32 values that they equal.
            "float32" or "bfloat16" => Array.ConvertAll(items, e => e.AsFloat()),
            "float16" => Array.ConvertAll(items, e => (Half)e.AsFloat()),
            "float64" => Array.ConvertAll(items, e => e.AsDouble()),
            "bool" => Array.ConvertAll(items, e => e.ValueKind == JsonValueKind.Number ? e.AsLong() != 0 : e.GetBoolean()),
            "uint64" => Array.ConvertAll(items, e => e.GetUInt64()),
            "string" => Array.ConvertAll(items, e => e.GetString()!),
            _ => FromLongs(dtype, Array.ConvertAll(items, e => e.AsLong())),
        };
    }

    private static Array FromFloats(string dtype, float[] values) => dtype switch
    {
        "float32" or "bfloat16" => values,
        "float16" => Array.ConvertAll(values, v => (Half)v),
        "float64" => Array.ConvertAll(values, v => (double)v),
        "bool" => Array.ConvertAll(values, v => v != 0),
        _ => FromLongs(dtype, Array.ConvertAll(values, v => (long)v)),
    };

    private static Array FromInts(string dtype, int[] values) => dtype switch
    {
        "int32" => values,
        "float32" or "float64" or "float16" or "bfloat16" or "bool" => FromFloats(dtype, Array.ConvertAll(values, v => (float)v)),
        _ => FromLongs(dtype, Array.ConvertAll(values, v => (long)v)),
    };

    private static Array FromLongs(string dtype, long[] values) => dtype switch
    {
        "int64" => values,
        "int32" => Array.ConvertAll(values, v => checked((int)v)),
        "int16" => Array.ConvertAll(values, v => checked((short)v)),
        "int8" => Array.ConvertAll(values, v => checked((sbyte)v)),
        "uint8" => Array.ConvertAll(values, v => checked((byte)v)),
        "uint16" => Array.ConvertAll(values, v => checked((ushort)v)),
        "uint32" => Array.ConvertAll(values, v => checked((uint)v)),
        "uint64" => Array.ConvertAll(values, v => checked((ulong)v)),
        _ => throw new NotSupportedException($"The reference data uses the type {dtype}, which the tests do not know."),
    };
}
