using System.CommandLine;
using Spectre.Console;

namespace AlexNetTF.Tool;

/// <summary>alexnet evaluate: how well a network tells a data set's pictures apart.</summary>
internal sealed class EvaluateCommand
{
    // Wider than this, a table of all classes against all serves nobody.
    private const int MostColumns = 20;
    private readonly Option<string> data = new("--data") { Description = "The pictures. " + DataOption.Description, Required = true };
    private readonly Option<int> batch = new("--batch") { Description = "How many pictures go through the network together; the result does not depend on it.", DefaultValueFactory = _ => 32 };
    private readonly NetworkOptions network;
    private readonly EngineOptions engine;
    private readonly OutputOptions output;

    private EvaluateCommand(Command command)
    {
        command.Add(data);
        command.Add(batch);
        network = NetworkOptions.AddTo(command);
        engine = EngineOptions.AddTo(command);
        output = OutputOptions.AddTo(command);
        command.SetAction(RunAsync);
    }

    public static Command Create()
    {
        var command = new Command(
            "evaluate",
            """
            Judges a network by pictures whose classes are known: loss, top-1, top-5, and which class is taken for which.

            Examples:
              alexnet evaluate --data test/ --checkpoint run
              alexnet evaluate --data val.txt --weights bvlc_alexnet.npy
            """);
        _ = new EvaluateCommand(command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        OutputChoice choice = output.Read(parsed);
        int size = parsed.GetValue(batch);
        if (size < 1) throw new UsageException($"--batch {size} must be at least 1");
        using ImageClassifier classifier = network.Load(parsed, engine.Read(parsed));
        ImageDataset pictures = Read(parsed.GetValue(data)!, classifier, network.Read(parsed));
        Evaluation evaluation;
        using (var progress = new ProgressLine(choice, pictures.Count))
        {
            evaluation = await classifier.EvaluateAsync(pictures, size, progress, cancellation);
        }

        if (choice.Json) Json.Print(TrainingJson.Evaluation(evaluation));
        else Print(evaluation, classifier.Labels, pictures.Labels);
        return ExitCode.Done;
    }

    // Where nobody has named the classes, folders name them, in their own order.
    private static ImageDataset Read(string path, ImageClassifier classifier, NetworkChoice choice)
    {
        bool named = choice.Labels is not null || choice.Checkpoint is not null || !Directory.Exists(path);
        return DataOption.Read(path, named ? classifier.Labels : null, named ? null : classifier.Labels.Count, allowEmptyClasses: true);
    }

    private static void Print(Evaluation evaluation, Labels labels, Labels names)
    {
        Console.Out.WriteLine($"{evaluation.Count} pictures: {TrainingWatcher.Describe(evaluation.Score)}");
        Labels shown = names.Count == labels.Count ? names : labels;
        Table table = Terminal.Table("class", "pictures", "recall", "precision");
        foreach (int label in Enumerable.Range(0, shown.Count).Where(label => evaluation.Confusion[label].Sum() > 0))
        {
            table.AddRow(Markup.Escape(shown[label]), $"{evaluation.Confusion[label].Sum()}", Share(evaluation.Recall(label)), Share(evaluation.Precision(label)));
        }

        foreach (TableColumn column in table.Columns.Skip(1)) column.RightAligned();
        Terminal.Out.Write(table);
        if (shown.Count <= MostColumns) Terminal.Out.Write(ConfusionTable.Of(evaluation.Confusion, shown));
    }

    private static string Share(double value) => double.IsNaN(value) ? "" : $"{value:P1}";
}
