using System.Globalization;

namespace AlexNetTF;

/// <summary>A graph as text, a line per operation: name, op, inputs, control inputs, device and attributes between tabs.</summary>
internal static class GraphListing
{
    /// <summary>Constants of more elements show their type and shape only.</summary>
    private const int LargestShown = 16;

    public static IEnumerable<string> Of(Graph graph) => graph.Operations.Select(Line);

    public static string Line(Operation op) => string.Join(
        '\t',
        op.Name,
        op.Type,
        string.Join(' ', op.Inputs.Select(input => input.Index == 0 ? input.Op.Name : input.Name)),
        string.Join(' ', op.ControlInputs.Select(control => control.Name).Order(StringComparer.Ordinal)),
        op.Device,
        Attributes(op));

    public static string Attributes(Operation op) => string.Join(' ', op.GetAttributes().Select(pair => $"{pair.Key}={Text(pair.Value)}"));

    /// <summary>An attribute's value as the listing shows it.</summary>
    public static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        float number => Number(number),
        long number => number.ToString(CultureInfo.InvariantCulture),
        DType type => type.Name(),
        Shape shape => Text(shape),
        TensorData data => Text(data),
        IReadOnlyList<string> list => $"({string.Join(',', list.Select(Text))})",
        IReadOnlyList<long> list => $"({string.Join(',', list.Select(item => Text(item)))})",
        IReadOnlyList<DType> list => $"({string.Join(',', list.Select(item => Text(item)))})",
        _ => throw new InvalidOperationException($"No text for an attribute of {value.GetType()}."),
    };

    private static string Text(Shape shape) => shape.HasRank ? $"[{string.Join(',', shape.ToArrayOrMinusOne())}]" : "?";

    private static string Text(TensorData data)
    {
        string head = $"{data.Type.Name()}[{string.Join(',', data.Dims)}]";
        return data.Count > LargestShown ? head : $"{head}{{{string.Join(',', Elements(data))}}}";
    }

    private static IEnumerable<string> Elements(TensorData data) => data.Type switch
    {
        DType.Float32 => data.AsSpan<float>().ToArray().Select(value => Number(value)),
        DType.Float64 => data.AsSpan<double>().ToArray().Select(Number),
        DType.String => data.Strings.Select(text => $"\"{System.Text.Encoding.UTF8.GetString(text)}\""),
        DType.Bool => data.AsSpan<bool>().ToArray().Select(value => value ? "true" : "false"),
        _ => data.ToInt64s().Select(value => value.ToString(CultureInfo.InvariantCulture)),
    };

    // Nine significant digits, as C's %.9g.
    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => double.IsNaN(value) ? "nan" : value.ToString("G9", CultureInfo.InvariantCulture).Replace('E', 'e'),
    };
}
