using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet demo: the main job on what ships with the tool, compared with TensorFlow's answers.</summary>
internal sealed class DemoCommand
{
    private const int RowsShown = 8;
    private readonly Option<string?> folder = new("--data") { Description = "The folder of the demo's pictures; found beside the tool or in samples/demo if left out." };
    private readonly Option<string?> run = new("--output") { Description = "Keep the training run, 230 MB, in this folder; without it only its report is kept, in a temporary folder." };
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private DemoCommand(Command command)
    {
        command.Add(folder);
        command.Add(run);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command("demo", "Classifies the shipped pictures with the shipped head, compares the answers with TensorFlow's, then trains a head of its own.");
        _ = new DemoCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        DemoData data = DemoData.Open(parsed.GetValue(folder));
        SessionOptions session = engine.Read(parsed);
        DemoResult result = await ClassifyAsync(data, choice, session, cancellation);
        if (choice.ForPeople) Print(result);

        DemoTuning tuning;
        if (choice.ForPeople) Console.Out.WriteLine("\nNow fc8 is trained here, from its initial values, on 600 other pictures:");
        using (var watcher = new TrainingWatcher(choice))
        {
            tuning = await DemoTuning.RunAsync(data, parsed.GetValue(run), session, watcher, cancellation);
        }

        if (choice.Json) Json.Print(result.ToJson(tuning));
        else Print(result, tuning);
        return result.EqualToTensorFlow == result.Rows.Count ? ExitCode.Done : ExitCode.Failed;
    }

    // The head was trained by TensorFlow on the features of a network with the initial values of the seed.
    private static async Task<DemoResult> ClassifyAsync(DemoData data, OutputChoice choice, SessionOptions session, CancellationToken cancellation)
    {
        using ImageClassifier classifier = ImageClassifier.Load(data.Weights, new ClassifierOptions
        {
            Seed = DemoData.Seed,
            Topology = Topology.Article,
            Labels = data.Labels,
            Session = session,
        });
        if (choice.ForPeople && !choice.Quiet) Console.Error.Write(classifier.Report);
        var rows = new List<DemoRow>();
        using var progress = new ProgressLine(choice, data.Pictures.Count);
        await foreach (ClassifiedImage image in classifier.ClassifyAsync([.. data.Pictures.Select(picture => picture.Path)], top: 1, cancellationToken: cancellation))
        {
            if (image.Error is { } error) throw error;
            rows.Add(new DemoRow(data.Pictures[rows.Count], image.Predictions[0]));
            progress.Advance();
        }

        return new DemoResult(data.Labels, rows);
    }

    private static void Print(DemoResult result)
    {
        Table table = Terminal.Table("picture", "is", "answer", "probability", "TensorFlow's answer");
        foreach (DemoRow row in result.Rows.Where((_, index) => index % Math.Max(1, result.Rows.Count / RowsShown) == 0))
        {
            table.AddRow(
                Markup.Escape(row.Picture.Name), Markup.Escape(row.Picture.Label), Markup.Escape(row.Answer.Label), $"{row.Answer.Probability:P1}", Markup.Escape(result.Labels[row.Picture.TensorFlowAnswer]));
        }

        Terminal.Out.Write(table);
        Terminal.Out.Write(ConfusionTable.Of(result.Confusion(), result.Labels));
        Console.Out.WriteLine($"accuracy {result.Accuracy:P1} on {result.Rows.Count} pictures; {result.EqualToTensorFlow} of {result.Rows.Count} answers equal TensorFlow's");
    }

    private static void Print(DemoResult result, DemoTuning tuning)
    {
        Console.Out.WriteLine($"accuracy {tuning.Before:P1} before, {tuning.After:P1} after training on 600 pictures; the shipped head, trained on 6,000: {result.Accuracy:P1}");
        Console.Out.WriteLine($"report {tuning.Report}");
    }
}
