using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>JSON on standard output: one document, or one object a line.</summary>
internal static class Json
{
    // Names of files and classes are shown as they are; only JSON's own characters are escaped.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One document.</summary>
    public static void Print(JsonNode node) => Console.Out.WriteLine(ToText(node, Indented));

    /// <summary>One object a line, flushed so that a reader sees it at once.</summary>
    public static void PrintLine(JsonNode node)
    {
        Console.Out.WriteLine(ToLine(node));
        Console.Out.Flush();
    }

    public static string ToLine(JsonNode node) => ToText(node, Compact);

    private static string ToText(JsonNode node, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options)) node.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
