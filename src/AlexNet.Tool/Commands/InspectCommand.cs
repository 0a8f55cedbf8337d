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
        var command = new Command("inspect", "Shows what a file is and holds (weights, checkpoints, graphs, SavedModels, event files): names, types, shapes, sums, extremes.");
        var file = new Argument<string>("FILE") { Description = "The file; its format is told by its content." };
        command.Add(file);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), output.Read(parsed)));
        return command;
    }

    private static int Run(string path, OutputChoice output)
    {
        FileContents contents = WeightFile.Inspect(path);
        if (output.Json)
        {
            Json.Print(new JsonObject
            {
                ["kind"] = contents.Kind,
                ["entries"] = new JsonArray([.. contents.Entries.Select(ToJson)]),
                ["notes"] = new JsonArray([.. contents.Notes.Select(note => (JsonNode)note)]),
            });
            return ExitCode.Done;
        }

        Console.Out.WriteLine($"{path}: {contents.Kind}");
        Table table = Terminal.Table("name", "dtype", "shape", "sum", "min", "max");
        foreach (FileContentsEntry entry in contents.Entries)
        {
            string[] numbers = entry.Numbers is { } given ? [Number(given.Sum), Number(given.Minimum), Number(given.Maximum)] : ["", "", ""];
            table.AddRow([Markup.Escape(entry.Name), entry.Type, Markup.Escape($"[{string.Join(",", entry.Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "?"))}]"), .. numbers]);
        }

        Terminal.Out.Write(table);
        foreach (string note in contents.Notes) Console.Out.WriteLine($"note: {note}");
        return ExitCode.Done;
    }

    private static JsonObject ToJson(FileContentsEntry entry) => new()
    {
        ["name"] = entry.Name,
        ["dtype"] = entry.Type,
        ["shape"] = new JsonArray([.. entry.Shape.Select(size => (JsonNode?)size)]),
        ["sum"] = entry.Numbers is { } numbers ? Finite(numbers.Sum) : null,
        ["min"] = entry.Numbers is { } least ? Finite(least.Minimum) : null,
        ["max"] = entry.Numbers is { } most ? Finite(most.Maximum) : null,
    };

    // JSON has no infinity and no NaN.
    private static JsonNode? Finite(double value) => double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
