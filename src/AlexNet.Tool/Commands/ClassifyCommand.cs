using System.CommandLine;
using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>alexnet classify PATH…: what pictures show.</summary>
internal sealed class ClassifyCommand
{
    private readonly Argument<string[]> paths = new("PATH") { Description = PathArgument.Description, Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> top = new("--top") { Description = "How many classes per picture.", DefaultValueFactory = _ => 5 };
    private readonly Option<int> batch = new("--batch") { Description = "How many pictures go through the network together; answers do not depend on it.", DefaultValueFactory = _ => 32 };
    private readonly Option<string?> annotate = new("--annotate") { Description = "Write each picture with names and probabilities drawn on it into this folder." };
    private readonly Option<string?> resume = new("--resume") { Description = "Append to this JSONL file and leave out the pictures that it has." };
    private readonly NetworkOptions network;
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private ClassifyCommand(Command command)
    {
        command.Add(paths);
        command.Add(top);
        command.Add(batch);
        command.Add(annotate);
        command.Add(resume);
        network = NetworkOptions.AddTo(command);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command, lines: true);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command(
            "classify",
            """
            Says what pictures show.

            Examples:
              alexnet classify zebra.jpeg --weights bvlc_alexnet.npy
              alexnet classify pictures/ --weights bvlc_alexnet.npy --jsonl > answers.jsonl
              alexnet classify '*.jpg' @list.txt --weights bvlc_alexnet.npy --annotate out/
            """);
        _ = new ClassifyCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        int classes = AtLeastOne(parsed.GetValue(top), "--top"), size = AtLeastOne(parsed.GetValue(batch), "--batch");
        using ResumeFile? resumed = parsed.GetValue(resume) is { } file ? ResumeFile.Open(file) : null;
        IReadOnlyList<ImageSource> pictures = PathArgument.Expand(parsed.GetValue(paths)!, resumed);
        using ImageClassifier classifier = network.Load(parsed, engine.Read(parsed));
        using var progress = new ProgressLine(choice, pictures.Count);
        string? folder = parsed.GetValue(annotate);

        var document = new JsonArray();
        bool failed = false;
        await foreach (ClassifiedImage image in classifier.ClassifyAsync(pictures, size, classes, cancellation))
        {
            string? error = image.Error?.Message ?? Annotate(classifier, image, folder);
            failed |= error is not null;
            JsonObject json = ToJson(image, error);
            resumed?.Append(json);
            if (choice.JsonLines) Json.PrintLine(json);
            else if (choice.Json) document.Add(json);
            else Print(image, error);
            progress.Advance();
        }

        if (choice.Json) Json.Print(document);
        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static string? Annotate(ImageClassifier classifier, ClassifiedImage image, string? folder)
    {
        if (folder is null) return null;
        try
        {
            Annotation.Save(image.Path, image.Predictions, PathArgument.OutputFor(folder, image.Path, ".png"), classifier.Limits);
            return null;
        }
        catch (Exception error) when (error is AlexNetException or IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    private static void Print(ClassifiedImage image, string? error)
    {
        if (error is not null)
        {
            Console.Error.WriteLine($"alexnet: {error}");
            if (image.Error is not null) return;
        }

        Console.Out.WriteLine(image.Path);
        if (image.Warning is { } warning) Console.Error.WriteLine($"alexnet: {image.Path}: {warning}");
        foreach (Prediction prediction in image.Predictions)
        {
            Console.Out.WriteLine($"  {prediction.Probability,8:P2}  {prediction.Label} ({prediction.Index})");
        }
    }

    private static JsonObject ToJson(ClassifiedImage image, string? error) => new()
    {
        ["path"] = image.Path,
        ["predictions"] = new JsonArray([.. image.Predictions.Select(prediction => new JsonObject
        {
            ["label"] = prediction.Label,
            ["index"] = prediction.Index,
            ["probability"] = prediction.Probability,
        })]),
        ["warning"] = image.Warning,
        ["error"] = error,
    };

    private static int AtLeastOne(int value, string option) => value >= 1 ? value : throw new UsageException($"{option} {value} must be at least 1");
}
