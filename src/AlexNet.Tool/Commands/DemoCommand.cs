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
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private DemoCommand(Command command)
    {
        command.Add(folder);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command("demo", "Classifies the shipped pictures with the shipped head and compares the answers with TensorFlow's.");
        _ = new DemoCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        DemoData data = DemoData.Open(parsed.GetValue(folder));
        // The head was trained by TensorFlow on the features of a network with the initial values of graph seed 1.
        using ImageClassifier classifier = ImageClassifier.Load(data.Weights, new ClassifierOptions
        {
            Seed = 1,
            Topology = Topology.Article,
            Labels = data.Labels,
            Session = engine.Read(parsed),
        });
        if (choice.ForPeople && !choice.Quiet) Console.Error.Write(classifier.Report);

        var rows = new List<DemoRow>();
        using (var progress = new ProgressLine(choice, data.Pictures.Count))
        {
            await foreach (ClassifiedImage image in classifier.ClassifyAsync([.. data.Pictures.Select(picture => picture.Path)], top: 1, cancellationToken: cancellation))
            {
                if (image.Error is { } error) throw error;
                DemoPicture picture = data.Pictures[rows.Count];
                rows.Add(new DemoRow(picture, image.Predictions[0]));
                progress.Advance();
            }
        }

        var result = new DemoResult(data.Labels, rows);
        if (choice.Json) Json.Print(result.ToJson());
        else Print(result);
        return result.EqualToTensorFlow == rows.Count ? ExitCode.Done : ExitCode.Failed;
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
}
