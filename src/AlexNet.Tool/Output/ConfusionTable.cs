using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>Which class is taken for which.</summary>
internal static class ConfusionTable
{
    /// <summary>A row per true class, a column per answer.</summary>
    public static Table Of(IReadOnlyList<IReadOnlyList<int>> confusion, Labels labels)
    {
        Table table = Terminal.Table(["is \\ answer", .. labels]);
        foreach ((IReadOnlyList<int> counts, int index) in confusion.Select((counts, index) => (counts, index)))
        {
            table.AddRow([Markup.Escape(labels[index]), .. counts.Select(count => count == 0 ? "" : $"{count}")]);
        }

        foreach (TableColumn column in table.Columns.Skip(1)) column.RightAligned();
        return table;
    }
}
