using System.Globalization;
using System.Net;
using System.Text;

namespace AlexNetTF.Reports;

/// <summary>Writes a training report as one page of HTML that is XML as well and refers to nothing outside.</summary>
internal static class ReportPage
{
    private const int MostClassesInMatrix = 40;
    private const string Style = """
        body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:1120px;padding:0 1rem;color:#1f2937;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse}
        td,th{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #e5e7eb}th{font-weight:600}
        td.name,th.name{text-align:left}.charts{display:flex;flex-wrap:wrap;gap:1.5rem;margin-top:1.5rem}.charts figure{margin:0;flex:1 1 420px}
        figcaption{font-weight:600;margin-bottom:.3rem}svg{width:100%;height:auto}svg text{font-size:11px;fill:#4b5563}.grid{stroke:#e5e7eb}
        .matrix td{text-align:center;min-width:2rem;border:1px solid #e5e7eb}.scroll{overflow-x:auto}
        .mistakes{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:1rem}.mistakes figure{margin:0;font-size:.85rem;overflow-wrap:anywhere}
        .mistakes img{width:112px;height:112px;display:block;margin-bottom:.3rem}.filters{display:flex;flex-wrap:wrap;gap:1.5rem}.filters figure{margin:0}.filters img{max-width:100%;width:420px;image-rendering:pixelated}
        """;

    /// <summary>The page.</summary>
    public static string Of(ReportContent content)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width\"/><title>Fine-tuning report</title><style>")
            .Append(Style).Append("</style></head><body><h1>Fine-tuning report</h1>\n<table>");
        foreach ((string name, string value) in content.Facts) page.Append($"<tr><th class=\"name\">{Text(name)}</th><td class=\"name\">{Text(value)}</td></tr>");
        page.Append("</table>\n<div class=\"charts\">");
        foreach (IGrouping<string, Curve> chart in content.Curves.GroupBy(curve => curve.Chart))
        {
            page.Append($"<figure><figcaption>{Text(chart.Key)} by epoch</figcaption>{CurveChart.Draw(chart.Key, [.. chart])}</figure>");
        }

        page.Append("</div>\n");
        if (content.Confusion is { } confusion)
        {
            ByClass(page, content.Labels, confusion);
            Matrix(page, content.Labels, confusion);
            Mistakes(page, content.Mistakes);
        }
        else
        {
            page.Append("<p>The run had no validation pictures, so there is no confusion matrix.</p>\n");
        }

        Filters(page, content);
        return page.Append("</body></html>\n").ToString();
    }

    private static void ByClass(StringBuilder page, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        page.Append("<h2>Classes, best checkpoint on the validation pictures</h2>\n<table><tr><th class=\"name\">class</th><th>pictures</th><th>precision</th><th>recall</th></tr>");
        for (int i = 0; i < labels.Count; i++)
        {
            int pictures = confusion[i].Sum(), answers = confusion.Sum(row => row[i]);
            page.Append($"<tr><td class=\"name\">{Text(labels[i])}</td><td>{pictures}</td><td>{Share(confusion[i][i], answers)}</td><td>{Share(confusion[i][i], pictures)}</td></tr>");
        }

        page.Append("</table>\n");
    }

    private static void Matrix(StringBuilder page, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        page.Append("<h2>Confusion</h2>\n<p>Rows: what pictures show. Columns: what they were taken for.</p>\n");
        if (labels.Count > MostClassesInMatrix)
        {
            Pairs(page, labels, confusion);
            return;
        }

        page.Append("<div class=\"scroll\"><table class=\"matrix\"><tr><th></th>");
        foreach (string label in labels) page.Append($"<th>{Text(label)}</th>");
        page.Append("</tr>");
        for (int row = 0; row < labels.Count; row++)
        {
            int total = Math.Max(1, confusion[row].Sum());
            page.Append($"<tr><th class=\"name\">{Text(labels[row])}</th>");
            for (int column = 0; column < labels.Count; column++) page.Append(Cell(confusion[row][column], total, row == column));
            page.Append("</tr>");
        }

        page.Append("</table></div>\n");
    }

    private static string Cell(int count, int total, bool right)
    {
        if (count == 0) return "<td></td>";
        double share = (double)count / total;
        string background = string.Create(CultureInfo.InvariantCulture, $"rgba({(right ? "37,99,235" : "220,38,38")},{share:F2})");
        return $"<td style=\"background:{background}{(share > 0.5 ? ";color:#fff" : "")}\">{count}</td>";
    }

    // A matrix of a thousand rows tells less than its largest errors.
    private static void Pairs(StringBuilder page, IReadOnlyList<string> labels, IReadOnlyList<IReadOnlyList<int>> confusion)
    {
        page.Append("<table><tr><th class=\"name\">shows</th><th class=\"name\">taken for</th><th>pictures</th></tr>");
        var pairs = Enumerable.Range(0, labels.Count)
            .SelectMany(row => Enumerable.Range(0, labels.Count).Where(column => column != row).Select(column => (row, column, Count: confusion[row][column])))
            .Where(pair => pair.Count > 0).OrderByDescending(pair => pair.Count).Take(MostClassesInMatrix);
        foreach ((int row, int column, int count) in pairs) page.Append($"<tr><td class=\"name\">{Text(labels[row])}</td><td class=\"name\">{Text(labels[column])}</td><td>{count}</td></tr>");
        page.Append("</table>\n");
    }

    private static void Mistakes(StringBuilder page, IReadOnlyList<ReportMistake> mistakes)
    {
        page.Append("<h2>Worst mistakes</h2>\n");
        if (mistakes.Count == 0)
        {
            page.Append("<p>None.</p>\n");
            return;
        }

        page.Append("<div class=\"mistakes\">");
        foreach (ReportMistake mistake in mistakes)
        {
            string picture = ReportPictures.Thumbnail(mistake.Path) is { } address ? $"<img alt=\"{Text(mistake.Label)}\" src=\"{address}\"/>" : "";
            page.Append(CultureInfo.InvariantCulture, $"<figure title=\"{Text(mistake.Path)}\">{picture}<b>{Text(mistake.Label)}</b> {mistake.LabelProbability:P1}<br/>taken for <b>{Text(mistake.Answer)}</b> {mistake.AnswerProbability:P1}<br/>{Text(Path.GetFileName(mistake.Path))}</figure>");
        }

        page.Append("</div>\n");
    }

    private static void Filters(StringBuilder page, ReportContent content)
    {
        if (content is not { FiltersBefore: { } before, FiltersAfter: { } after, FilterShape: { } shape }) return;
        page.Append("<h2>conv1's filters</h2>\n<div class=\"filters\">");
        bool same = before.AsSpan().SequenceEqual(after);
        Add(before, same ? "Before and after training: they were not trained" : "Before training");
        if (!same) Add(after, "After training (best checkpoint)");
        page.Append("</div>\n");

        void Add(float[] values, string caption)
        {
            if (ReportPictures.Filters(values, shape, content.Channels) is { } address) page.Append($"<figure><figcaption>{caption}</figcaption><img alt=\"{caption}\" src=\"{address}\"/></figure>");
        }
    }

    private static string Share(int part, int whole) => whole == 0 ? "–" : ((double)part / whole).ToString("P1", CultureInfo.InvariantCulture);

    // Characters that XML forbids cannot be written in any way.
    private static string Text(string text) => WebUtility.HtmlEncode(string.Concat(text.Where(System.Xml.XmlConvert.IsXmlChar)));
}
