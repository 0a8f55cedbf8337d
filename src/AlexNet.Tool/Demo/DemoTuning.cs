using System.Text.Json.Nodes;

namespace AlexNetTF.Tool;

/// <summary>The demo's training: fc8 from the seed's values on the shipped pictures.</summary>
/// <param name="Before">The share of the test pictures that the network knows before training.</param>
/// <param name="After">After the last epoch.</param>
/// <param name="Result">The run.</param>
/// <param name="Report">The report.</param>
internal sealed record DemoTuning(double Before, double After, FineTuningResult Result, string Report)
{
    /// <summary>Trains as FineTunerOptions' defaults say.</summary>
    /// <param name="data">The demo's pictures.</param>
    /// <param name="folder">The run's folder; null: a temporary one that keeps the report and the metrics only, for a run's frozen layers are 230 MB.</param>
    /// <param name="session">Engine and threads.</param>
    /// <param name="progress">Told of every epoch.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<DemoTuning> RunAsync(DemoData data, string? folder, SessionOptions session, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        ImageDataset train = ImageDataset.FromFolders(data.TrainFolder, data.Labels), test = ImageDataset.FromFolders(data.TestFolder, data.Labels);
        string kept = folder ?? Directory.CreateTempSubdirectory("alexnet-demo-").FullName, run = folder ?? Path.Combine(kept, "run");
        var options = new FineTunerOptions { Seed = DemoData.Seed, Topology = Topology.Article, Output = run, Session = session };
        double before = await InitialAccuracyAsync(test, options, cancellation);
        FineTuningResult result;
        try
        {
            result = await new FineTuner(options).RunAsync(train, test, progress, cancellation);
            if (folder is null) Keep(run, kept);
        }
        finally
        {
            if (folder is null && Directory.Exists(run)) Directory.Delete(run, recursive: true);
        }

        return new DemoTuning(before, result.Last.Validation!.Top1, result with { Output = kept }, Path.Combine(kept, "report.html"));
    }

    public JsonObject ToJson() => new()
    {
        ["before"] = Before,
        ["after"] = After,
        ["epochs"] = Result.Epochs.Count,
        ["output"] = Result.Output,
        ["report"] = Report,
    };

    private static async Task<double> InitialAccuracyAsync(ImageDataset test, FineTunerOptions options, CancellationToken cancellation)
    {
        using ImageClassifier untrained = ImageClassifier.FromSeed(new ClassifierOptions { Seed = options.Seed, Topology = options.Topology, Labels = test.Labels, Session = options.Session });
        return (await untrained.EvaluateAsync(test, cancellationToken: cancellation)).Score.Top1;
    }

    private static void Keep(string run, string folder)
    {
        foreach (string name in (string[])["report.html", "metrics.csv", "metrics.jsonl"]) File.Move(Path.Combine(run, name), Path.Combine(folder, name));
    }
}
