using System.CommandLine;
using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>alexnet features PATH…: a layer's results, as numbers or as pictures.</summary>
internal sealed class FeaturesCommand
{
    private readonly Argument<string[]> paths = new("PATH") { Description = PathArgument.Description, Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> layer = new("--layer") { Description = "The layer: conv1 … fc8, norm1, pool5, prob.", DefaultValueFactory = _ => "fc7" };
    private readonly Option<string?> file = new("--output") { Description = "Write all rows into this .npy, [pictures, …]; a picture that fails leaves zeros." };
    private readonly Option<string?> images = new("--images") { Description = "Write grids of the activations, and of conv1's filters, into this folder." };
    private readonly NetworkOptions network;
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private FeaturesCommand(Command command)
    {
        command.Add(paths);
        command.Add(layer);
        command.Add(file);
        command.Add(images);
        network = NetworkOptions.AddTo(command);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command, lines: true);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command(
            "features",
            """
            Gives any layer's results for pictures, as JSON, as .npy or as pictures.

            Examples:
              alexnet features pictures/ --weights bvlc_alexnet.npy --layer fc7 --output fc7.npy
              alexnet features zebra.jpeg --weights bvlc_alexnet.npy --layer conv1 --images out/
            """);
        _ = new FeaturesCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        IReadOnlyList<ImageSource> pictures = PathArgument.Expand(parsed.GetValue(paths)!, null);
        using ImageClassifier classifier = network.Load(parsed, engine.Read(parsed));
        string name = parsed.GetValue(layer)!;
        int[] shape = [.. classifier.Network[name].Shape.Skip(1).Select(size => size.GetValueOrDefault())];
        string? folder = parsed.GetValue(images);
        if (folder is not null) ActivationPictures.WriteFilters(classifier, folder);
        using var progress = new ProgressLine(choice, pictures.Count);
        var all = new List<float[]?>();
        var document = new JsonArray();
        bool failed = false;
        await foreach (ExtractedFeatures features in classifier.ExtractAsync(pictures, name, cancellationToken: cancellation))
        {
            failed |= features.Error is not null;
            if (parsed.GetValue(file) is not null) all.Add(features.Values);
            if (folder is not null && features.Values is { } values) ActivationPictures.Write(folder, features.Path, name, shape, values);
            JsonObject json = ToJson(features, name, shape);
            if (choice.JsonLines) Json.PrintLine(json);
            else if (choice.Json) document.Add(json);
            else Print(features, name, shape);
            progress.Advance();
        }

        if (choice.Json) Json.Print(document);
        if (parsed.GetValue(file) is { } target) WriteRows(target, shape, all);
        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static void WriteRows(string target, int[] shape, List<float[]?> rows)
    {
        int length = shape.Aggregate(1, (product, size) => product * size);
        var values = new float[checked(rows.Count * length)];
        for (int i = 0; i < rows.Count; i++) rows[i]?.CopyTo(values, i * length);
        WeightFile.WriteNpy(target, [rows.Count, .. shape], values);
    }

    private static void Print(ExtractedFeatures features, string layer, int[] shape)
    {
        if (features.Error is { } error)
        {
            Console.Error.WriteLine($"alexnet: {error.Message}");
            return;
        }

        float[] values = features.Values!;
        Console.Out.WriteLine($"{features.Path}: {layer} [{string.Join(",", shape)}] mean {values.Average():G6} max {values.Max():G6}");
    }

    private static JsonObject ToJson(ExtractedFeatures features, string layer, int[] shape) => new()
    {
        ["path"] = features.Path,
        ["layer"] = layer,
        ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
        ["data"] = features.Values is { } values ? new JsonArray([.. values.Select(value => (JsonNode)value)]) : null,
        ["error"] = features.Error?.Message,
    };
}
