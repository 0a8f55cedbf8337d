using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlexNetTF.Weights;

/// <summary>Writes float32 tensors as the reference library does: sorted by name, the header padded with spaces to 8 bytes.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, IReadOnlyList<WeightValues> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        List<WeightValues> sorted = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = Header(sorted, metadata);
        int padding = -header.Length & (Alignment - 1);
        LittleEndian.Write(stream, (ulong)(header.Length + padding));
        stream.Write(header);
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        foreach (WeightValues tensor in sorted)
        {
            LittleEndian.Write(stream, tensor.Values.Span);
        }
    }

    private static byte[] Header(List<WeightValues> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "tf");
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (WeightValues tensor in tensors)
            {
                long end = offset + ((long)tensor.Values.Length * sizeof(float));
                WriteTensor(json, tensor, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter json, WeightValues tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        WriteIntegers(json, "shape", tensor.Shape);
        WriteIntegers(json, "data_offsets", [begin, end]);
        json.WriteEndObject();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
