using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet inspect FILE: what a weight file is and holds.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var command = new Command("inspect", "Shows what a weight file is and holds: names, types, shapes, sums, extremes.");
        var file = new Argument<string>("FILE") { Description = "The file; its format is told by its content." };
        command.Add(file);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), output.Read(parsed)));
        return command;
    }

    private static int Run(string path, OutputChoice output)
    {
        using WeightSource source = WeightFile.Open(path);
        (WeightEntry Entry, WeightStatistics Numbers)[] rows = [.. source.Entries.Select(entry => (entry, source.Statistics(entry)))];
        if (output.Json)
        {
            Json.Print(new JsonObject { ["kind"] = source.Kind, ["entries"] = new JsonArray([.. rows.Select(row => ToJson(row.Entry, row.Numbers))]) });
            return ExitCode.Done;
        }

        Console.Out.WriteLine($"{path}: {source.Kind}");
        Table table = Terminal.Table("name", "dtype", "shape", "sum", "min", "max");
        foreach ((WeightEntry entry, WeightStatistics numbers) in rows)
        {
            table.AddRow(
                Markup.Escape(entry.Name), entry.StoredType, Markup.Escape($"[{string.Join(",", entry.Shape)}]"), Number(numbers.Sum), Number(numbers.Minimum), Number(numbers.Maximum));
        }

        Terminal.Out.Write(table);
        foreach (string note in source.Hints.Notes) Console.Out.WriteLine($"note: {note}");
        return ExitCode.Done;
    }

    private static JsonObject ToJson(WeightEntry entry, WeightStatistics numbers) => new()
    {
        ["name"] = entry.Name,
        ["dtype"] = entry.StoredType,
        ["shape"] = new JsonArray([.. entry.Shape.Select(size => (JsonNode)size)]),
        ["sum"] = Finite(numbers.Sum),
        ["min"] = Finite(numbers.Minimum),
        ["max"] = Finite(numbers.Maximum),
    };

    // JSON has no infinity and no NaN.
    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
