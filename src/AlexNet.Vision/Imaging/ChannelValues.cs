using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlexNetTF;

/// <summary>One number for each of a pixel's three channels, in the order that the network takes them.</summary>
/// <param name="First">Blue for <see cref="ChannelOrder.Bgr"/>, red for <see cref="ChannelOrder.Rgb"/>.</param>
/// <param name="Second">Green.</param>
/// <param name="Third">Red for <see cref="ChannelOrder.Bgr"/>, blue for <see cref="ChannelOrder.Rgb"/>.</param>
[JsonConverter(typeof(ChannelValuesConverter))]
public readonly record struct ChannelValues(double First, double Second, double Third)
{
    /// <summary>The same number for all three channels.</summary>
    public static ChannelValues All(double value) => new(value, value, value);

    /// <summary>The three numbers, comma separated.</summary>
    public override string ToString() => $"({First}, {Second}, {Third})";
}

/// <summary>Writes <see cref="ChannelValues"/> as an array of three numbers.</summary>
internal sealed class ChannelValuesConverter : JsonConverter<ChannelValues>
{
    public override ChannelValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<double> values = stackalloc double[3];
        Expect(reader.TokenType == JsonTokenType.StartArray);
        foreach (ref double value in values)
        {
            Expect(reader.Read() && reader.TokenType == JsonTokenType.Number);
            value = reader.GetDouble();
        }

        Expect(reader.Read() && reader.TokenType == JsonTokenType.EndArray);
        return new(values[0], values[1], values[2]);
    }

    public override void Write(Utf8JsonWriter writer, ChannelValues value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.First);
        writer.WriteNumberValue(value.Second);
        writer.WriteNumberValue(value.Third);
        writer.WriteEndArray();
    }

    private static void Expect(bool condition)
    {
        if (!condition)
            throw new JsonException("an array of three numbers is needed");
    }
}
