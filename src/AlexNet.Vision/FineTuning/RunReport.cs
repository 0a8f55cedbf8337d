using AlexNetTF.Reports;
using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>Gathers what report.html shows of a run.</summary>
internal static class RunReport
{
    public const string FileName = "report.html";
    public const string FirstFiltersFile = "conv1-before.safetensors";
    private const string Filters = "conv1/weights";

    /// <summary>Keeps conv1's filters as they were before training, where they are trained.</summary>
    public static void KeepFirstFilters(TrainingNetwork network, string runFolder)
    {
        if (network.Trained.FirstOrDefault(IsPictureFilter) is not { } filters) return;
        WeightSaver.Use(network.Session, [filters], values => WeightFile.WriteSafetensors(Path.Combine(runFolder, FirstFiltersFile), values));
    }

    /// <summary>Loads the best checkpoint into the network, judges it and writes the report.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="network">A network whose variables may change.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="state">Where the run has ended.</param>
    /// <param name="keepsFeatures">Whether features were kept while training.</param>
    /// <param name="judge">Judges the validation pictures by the network as it then is.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteAsync(
        FineTunerOptions options, TrainingNetwork network, RunData data, TrainingState state, bool keepsFeatures, Func<CancellationToken, Task<Evaluation?>> judge, CancellationToken cancellation)
    {
        CheckpointFolder best = CheckpointFolder.Find(options.Output);
        best.LoadInto(network.Session, network.Trained);
        Evaluation? evaluation = await judge(cancellation).ConfigureAwait(false);
        Variable? filters = network.Parameters.FirstOrDefault(IsPictureFilter);
        NDArray? now = filters is null ? null : network.Session.Run(filters.Value, cancellationToken: cancellation);
        var content = new ReportContent
        {
            Facts =
            [
                ("Layers trained", string.Join(", ", options.TrainLayers)),
                ("Pictures", $"{data.Train.Count} to learn from, {data.Validation?.Count ?? 0} to judge by, {data.Train.Classes} classes"),
                ("Start", options.Weights ?? options.Checkpoint ?? $"initial values of seed {options.Seed}"),
                ("Optimizer", $"{options.Optimizer}, learning rate {options.LearningRate}, {options.Schedule.Kind}, batch {options.BatchSize}, keep_prob {options.KeepProb}"),
                ("Epochs", $"{state.History.Count} of {options.Epochs}{(state.StoppedEarly ? ", ended by patience" : "")}; best: {state.Best!.Epoch}"),
                ("Features", keepsFeatures ? "kept for each picture" : "computed at each step"),
            ],
            Curves =
            [
                new Curve("Loss", "training", [.. state.History.Select(epoch => ((double)epoch.Epoch, epoch.Training.Loss))]),
                new Curve("Loss", "validation", [.. state.History.Where(epoch => epoch.Validation is not null).Select(epoch => ((double)epoch.Epoch, epoch.Validation!.Loss))]),
                new Curve("Accuracy", "training", [.. state.History.Select(epoch => ((double)epoch.Epoch, epoch.Training.Top1))]),
                new Curve("Accuracy", "validation", [.. state.History.Where(epoch => epoch.Validation is not null).Select(epoch => ((double)epoch.Epoch, epoch.Validation!.Top1))]),
            ],
            Labels = [.. data.Train.Labels],
            Confusion = evaluation?.Confusion,
            Mistakes = [.. (evaluation?.Mistakes ?? []).Take(ReportContent.MostMistakes).Select(m => new ReportMistake(m.Path, data.Train.Labels[m.Label], m.LabelProbability, m.Answer.Label, m.Answer.Probability))],
            FiltersBefore = filters is null ? null : FirstFilters(options.Output, filters) ?? now!.ToArray<float>(),
            FiltersAfter = now?.ToArray<float>(),
            FilterShape = filters?.Shape.ToArray(),
            Channels = options.Input.Channels,
        };
        RunFolder.Guard(options.Output, () => AtomicFile.WriteText(Path.Combine(options.Output, FileName), ReportPage.Of(content)));
    }

    private static bool IsPictureFilter(Variable variable) => variable.Op.Name == Filters && variable.Shape.Rank == 4 && variable.Shape[2] == 3;

    private static float[]? FirstFilters(string runFolder, Variable filters)
    {
        string path = Path.Combine(runFolder, FirstFiltersFile);
        if (!File.Exists(path)) return null;
        using WeightSource source = WeightFile.Open(path);
        return source.Read(source.Entries.Single(entry => entry.StoredName == filters.Op.Name), allowNonFinite: true);
    }
}
