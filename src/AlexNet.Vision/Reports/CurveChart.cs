using System.Globalization;
using System.Net;
using System.Text;

namespace AlexNetTF.Reports;

/// <summary>Draws curves as SVG.</summary>
internal static class CurveChart
{
    private const double Width = 520, Height = 280, Left = 56, Right = 12, LegendTop = 10, Top = 32, Bottom = 34;
    private static readonly string[] Colours = ["#2563eb", "#dc2626", "#059669", "#7c3aed"];

    /// <summary>One chart with axes, a grid and a legend.</summary>
    public static string Draw(string title, IReadOnlyList<Curve> curves)
    {
        (double X, double Y)[] points = [.. curves.SelectMany(curve => curve.Points).Where(point => double.IsFinite(point.Y))];
        if (points.Length == 0) return "";
        double[] xTicks = Ticks(points.Min(point => point.X), points.Max(point => point.X), 8, whole: true);
        double[] yTicks = Ticks(Math.Min(0, points.Min(point => point.Y)), points.Max(point => point.Y), 6, whole: false);
        double X(double x) => Left + (Share(x, xTicks[0], xTicks[^1]) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - (Share(y, yTicks[0], yTicks[^1]) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        foreach (double tick in yTicks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:0.###}</text>");
        }

        foreach (double tick in xTicks) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tick):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{tick:0}</text>");
        int drawn = 0;
        foreach (Curve curve in curves.Where(curve => curve.Points.Count > 0)) Line(svg, curve, Colours[drawn % Colours.Length], drawn++, X, Y);
        return svg.Append("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, Curve curve, string colour, int number, Func<double, double> x, Func<double, double> y)
    {
        (double X, double Y)[] finite = [.. curve.Points.Where(point => double.IsFinite(point.Y))];
        string path = string.Join(' ', finite.Select(point => string.Create(CultureInfo.InvariantCulture, $"{x(point.X):F1},{y(point.Y):F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        foreach ((double px, double py) in finite)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x(px):F1}\" cy=\"{y(py):F1}\" r=\"2.5\" fill=\"{colour}\"><title>{WebUtility.HtmlEncode(curve.Name)}, epoch {px:0}: {py:0.####}</title></circle>");
        }

        double at = Left + 12 + (number * 110);
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{at}\" y=\"{LegendTop}\" width=\"14\" height=\"4\" fill=\"{colour}\"/><text x=\"{at + 20}\" y=\"{LegendTop + 6}\">{WebUtility.HtmlEncode(curve.Name)}</text>");
    }

    private static double Share(double value, double first, double last) => last > first ? (value - first) / (last - first) : 0.5;

    /// <summary>Round numbers around a range, at steps of 1, 2 or 5 times a power of ten.</summary>
    internal static double[] Ticks(double from, double to, int most, bool whole)
    {
        if (!(to > from)) to = from + 1;
        double rough = (to - from) / most, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (new[] { 1.0, 2, 5 }.FirstOrDefault(factor => factor * power >= rough, 10));
        if (whole) step = Math.Max(1, Math.Round(step));
        double start = whole ? from : Math.Floor(from / step) * step;
        int count = (int)Math.Ceiling((to - start) / step - 1e-9);
        return [.. Enumerable.Range(0, count + 1).Select(i => start + (i * step))];
    }
}
