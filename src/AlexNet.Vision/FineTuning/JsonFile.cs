using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>JSON files that are written whole and read with errors that name the file.</summary>
internal static class JsonFile
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, JsonObject content) => AtomicFile.Write(path, stream => stream.Write(Encode(content, Indented)));

    /// <summary>One line without its end.</summary>
    public static byte[] Line(JsonObject content) => Encode(content, Compact);

    /// <summary>Reads a file and makes something of it.</summary>
    /// <exception cref="FileFormatException">It is no JSON, or lacks something.</exception>
    public static T Read<T>(string path, Func<JsonObject, T> make)
    {
        try
        {
            return make(JsonNode.Parse(InputFile.ReadAllBytes(path, "file of a run"))?.AsObject() ?? throw new JsonException("null is no object"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or OverflowException)
        {
            throw new FileFormatException(path, $"it is not what a run writes: {error.Message}", error);
        }
    }

    /// <summary>A member that must be there.</summary>
    public static JsonNode Get(this JsonObject content, string name) => content[name] ?? throw new JsonException($"\"{name}\" is missing");

    public static string Text(this JsonObject content, string name) => content.Get(name).GetValue<string>();

    public static long Long(this JsonObject content, string name) => content.Get(name).GetValue<long>();

    public static int Int(this JsonObject content, string name) => content.Get(name).GetValue<int>();

    public static bool Flag(this JsonObject content, string name) => content.Get(name).GetValue<bool>();

    /// <summary>A number of which every bit counts; NaN and infinities are words.</summary>
    public static JsonNode Real(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    public static double Real(this JsonObject content, string name) => content.Get(name) is { } node && node.GetValueKind() == JsonValueKind.String
        ? double.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture)
        : content.Get(name).GetValue<double>();

    public static float Single(this JsonObject content, string name) => (float)content.Real(name);

    public static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    public static string[] Strings(this JsonObject content, string name) => [.. content.Get(name).AsArray().Select(item => item!.GetValue<string>())];

    public static T EnumOf<T>(this JsonObject content, string name)
        where T : struct, Enum => Enum.Parse<T>(content.Text(name));

    private static byte[] Encode(JsonObject content, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options)) content.WriteTo(writer);
        return stream.ToArray();
    }
}
