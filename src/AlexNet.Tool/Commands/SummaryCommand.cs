using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet summary: the network as a table.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        var command = new Command("summary", "Shows the network as a table: layers, shapes, parameters, multiply-adds.");
        var topology = new Option<string?>("--topology") { Description = "article (the default), bvlc or one-weird-trick." };
        var classes = new Option<int?>("--classes") { Description = "The number of classes; 1000 by default." };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "The network of a fine-tuning run: its folder, or that of one checkpoint." };
        command.Add(topology);
        command.Add(classes);
        command.Add(checkpoint);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Print(
            parsed.GetValue(checkpoint) is { } run
                ? OfRun(run, parsed.GetValue(topology) is not null || parsed.GetValue(classes) is not null)
                : Of(NetworkOptions.ParseTopology(parsed.GetValue(topology) ?? "article"), parsed.GetValue(classes) ?? 1000),
            output.Read(parsed)));
        return command;
    }

    private static IReadOnlyList<LayerSummary> OfRun(string run, bool hasSettings)
    {
        if (hasSettings) throw new UsageException("--checkpoint brings topology and classes with it: leave those options out");
        using ImageClassifier classifier = ImageClassifier.FromCheckpoint(run);
        return classifier.Network.Layers();
    }

    private static IReadOnlyList<LayerSummary> Of(Topology topology, int classes)
    {
        if (classes < 1) throw new UsageException($"--classes {classes} must be at least 1");
        var graph = new Graph();
        Preprocessing input = topology.DefaultPreprocessing();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, input.Height, input.Width, 3), "x");
        return new AlexNet(x, 1f, classes, topology: topology).Layers();
    }

    private static int Print(IReadOnlyList<LayerSummary> layers, OutputChoice output)
    {
        if (output.Json)
        {
            Json.Print(new JsonArray([.. layers.Select(ToJson)]));
            return ExitCode.Done;
        }

        Table table = Terminal.Table("layer", "op", "input", "output", "padding", "parameters", "multiply-adds");
        foreach (LayerSummary layer in layers)
        {
            table.AddRow(
                Markup.Escape(layer.Name), layer.Op, Markup.Escape(layer.Input.ToString()), Markup.Escape(layer.Output.ToString()), layer.Padding, Number(layer.Parameters), Number(layer.MultiplyAdds));
        }

        table.AddRow("total", "", "", "", "", Number(layers.Sum(layer => layer.Parameters)), Number(layers.Sum(layer => layer.MultiplyAdds)));
        table.Columns[5].RightAligned();
        table.Columns[6].RightAligned();
        Terminal.Out.Write(table);
        return ExitCode.Done;
    }

    private static JsonNode ToJson(LayerSummary layer) => new JsonObject
    {
        ["name"] = layer.Name,
        ["op"] = layer.Op,
        ["input"] = Sizes(layer.Input),
        ["output"] = Sizes(layer.Output),
        ["padding"] = layer.Padding,
        ["parameters"] = layer.Parameters,
        ["multiplyAdds"] = layer.MultiplyAdds,
    };

    private static JsonArray Sizes(Shape shape) => new([.. shape.Select(size => (JsonNode?)size)]);

    private static string Number(long value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);
}
