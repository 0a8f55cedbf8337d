using System.Globalization;
using System.Text;
using AlexNetTF.TensorFlow.Protos;
using SummaryValue = AlexNetTF.TensorFlow.Protos.Summary.Types.Value;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Summaries as TensorFlow 2 writes them: a tensor, and on a tag's first value the name of the TensorBoard plugin that
/// shows it.
/// </summary>
internal sealed class TensorSummaries(string path)
{
    private readonly Dictionary<string, string> plugins = [];

    public LoggedEvent Of(SummaryValue value, LoggedEvent logged)
    {
        if (value.Metadata?.PluginData is { } plugin) plugins[value.Tag] = plugin.PluginName;
        return plugins.GetValueOrDefault(value.Tag) switch
        {
            "scalars" when value.Tensor.Dtype == DataType.DtFloat && Decode(value) is { Count: 1 } number => logged with
            {
                Kind = LoggedEventKind.Scalar, Scalar = number.As<float>()[0],
            },
            "histograms" when value.Tensor.Dtype == DataType.DtDouble && Decode(value) is { Shape: [_, 3] } rows => logged with
            {
                Kind = LoggedEventKind.Histogram, Histogram = Histogram(rows.As<double>()),
            },
            "images" when value.Tensor.Dtype == DataType.DtString && Decode(value) is { Strings.Length: > 2 } images => logged with
            {
                Kind = LoggedEventKind.Image, Width = Number(images.Strings[0]), Height = Number(images.Strings[1]), Content = images.Strings[2],
            },
            _ => logged,
        };
    }

    private TensorValue Decode(SummaryValue value) => TensorCodec.Decode(value.Tensor, path, $"the summary \"{value.Tag}\"");

    // Rows of left end, right end, count. The values themselves are gone: sums are those of the buckets' middles.
    private static LoggedHistogram Histogram(ReadOnlySpan<double> rows)
    {
        var limits = new double[rows.Length / 3];
        var counts = new double[limits.Length];
        double count = 0, sum = 0, squares = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            double middle = (rows[3 * i] + rows[(3 * i) + 1]) / 2;
            limits[i] = rows[(3 * i) + 1];
            counts[i] = rows[(3 * i) + 2];
            count += counts[i];
            sum += middle * counts[i];
            squares += middle * middle * counts[i];
        }

        return new LoggedHistogram(rows.IsEmpty ? 0 : rows[0], limits.Length == 0 ? 0 : limits[^1], count, sum, squares, limits, counts);
    }

    private static int Number(byte[] text) =>
        int.TryParse(Encoding.UTF8.GetString(text), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
