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
        var topology = new Option<string>("--topology") { Description = "article, bvlc or one-weird-trick.", DefaultValueFactory = _ => "article" };
        var classes = new Option<int>("--classes") { Description = "The number of classes.", DefaultValueFactory = _ => 1000 };
        command.Add(topology);
        command.Add(classes);
        OutputOptions output = OutputOptions.AddTo(command);
        command.SetAction(parsed => Run(NetworkOptions.ParseTopology(parsed.GetValue(topology)!), parsed.GetValue(classes), output.Read(parsed)));
        return command;
    }

    private static int Run(Topology topology, int classes, OutputChoice output)
    {
        if (classes < 1) throw new UsageException($"--classes {classes} must be at least 1");
        var graph = new Graph();
        Preprocessing input = topology.DefaultPreprocessing();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, input.Height, input.Width, 3), "x");
        IReadOnlyList<LayerSummary> layers = new AlexNet(x, 1f, classes, topology: topology).Layers();
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
