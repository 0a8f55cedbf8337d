using System.Globalization;
using System.Text;

namespace AlexNetTF.Benchmarks;

/// <summary>One line of a plot.</summary>
/// <param name="Name">What stands beside it.</param>
/// <param name="Values">One value per label of the plot's horizontal axis.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values);

/// <summary>A small line plot as SVG; its colours follow the reader's light or dark setting.</summary>
internal static class SvgPlot
{
    private const int Width = 560, Height = 260, Left = 64, Right = 130, Top = 34, Bottom = 46;
    private static readonly int[] Steps = [1, 2, 4, 6, 8, 10];

    /// <summary>Writes a plot.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">Stands above it, with the vertical axis's unit.</param>
    /// <param name="axis">What the labels are.</param>
    /// <param name="labels">The horizontal axis, evenly spaced.</param>
    /// <param name="series">The lines; the vertical axis begins at 0.</param>
    public static void Write(string path, string title, string axis, IReadOnlyList<string> labels, params Series[] series)
    {
        double top = RoundUp(series.Max(line => line.Values.Max()));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\">\n<title>{title}</title>\n");
        text.Append("<style>\ntext{font:12px system-ui,sans-serif;fill:#24292f}.h{font-weight:600}.g{stroke:#8c959f55}.l0{stroke:#0969da}.l1{stroke:#bc4c00}.d0{fill:#0969da}.d1{fill:#bc4c00}\n");
        text.Append("@media(prefers-color-scheme:dark){text{fill:#e6edf3}.l0{stroke:#58a6ff}.l1{stroke:#f0883e}.d0{fill:#58a6ff}.d1{fill:#f0883e}}\n</style>\n");
        text.Append(CultureInfo.InvariantCulture, $"<text class=\"h\" x=\"{Left}\" y=\"18\">{title}</text>\n");
        const int Lines = 4;
        for (int i = 0; i <= Lines; i++)
        {
            double value = top * i / Lines, y = Y(value, top);
            text.Append(CultureInfo.InvariantCulture, $"<path class=\"g\" d=\"M{Left} {y:F1}H{Width - Right}\"/><text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{value:G4}</text>\n");
        }

        for (int i = 0; i < labels.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(i, labels.Count):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{labels[i]}</text>\n");
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{axis}</text>\n");
        for (int i = 0; i < series.Length; i++)
            Line(text, series[i], i, top);
        text.Append("</svg>\n");
        AtomicFile.WriteText(path, text.ToString());
    }

    private static void Line(StringBuilder text, Series line, int colour, double top)
    {
        int count = line.Values.Count;
        string points = string.Join(' ', line.Values.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{X(i, count):F1},{Y(value, top):F1}")));
        text.Append(CultureInfo.InvariantCulture, $"<polyline class=\"l{colour}\" fill=\"none\" stroke-width=\"2\" points=\"{points}\"/>\n");
        for (int i = 0; i < count; i++)
            text.Append(CultureInfo.InvariantCulture, $"<circle class=\"d{colour}\" cx=\"{X(i, count):F1}\" cy=\"{Y(line.Values[i], top):F1}\" r=\"3\"/>");
        text.Append(CultureInfo.InvariantCulture, $"\n<text x=\"{X(count - 1, count) + 10:F1}\" y=\"{Y(line.Values[^1], top) + 4:F1}\">{line.Name}</text>\n");
    }

    private static double X(int i, int count) => count == 1 ? Left : Left + ((Width - Left - Right) * (double)i / (count - 1));

    private static double Y(double value, double top) => Height - Bottom - ((Height - Top - Bottom) * value / top);

    // 1, 2, 4, 6 or 8 times a power of ten: quarters of it are short numbers.
    private static double RoundUp(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.First(step => step * power >= value) * power;
    }
}
