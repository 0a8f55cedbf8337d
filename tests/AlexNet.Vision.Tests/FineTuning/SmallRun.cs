using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>Runs of a network small enough to be trained many times, with AlexNet's parts: convolution in groups, LRN, pooling, dropout.</summary>
internal static class SmallRun
{
    public static string Pictures => Path.Combine(Golden.Repository, "samples", "demo", "fashion");

    /// <summary>The first pictures of each class.</summary>
    public static ImageDataset Data(string part = "train", int perClass = 4)
    {
        ImageDataset all = ImageDataset.FromFolders(Path.Combine(Pictures, part), decodeAll: false);
        DatasetItem[] some = [.. all.Items.GroupBy(item => item.Label).SelectMany(group => group.Take(perClass))];
        return new ImageDataset("some", some, all.Labels);
    }

    public static FineTunerOptions Options(string output) => new()
    {
        Network = Network,
        Output = output,
        Preprocessing = Preprocessing.Bvlc with { Width = 24, Height = 24 },
        TrainLayers = ["fc7", "fc8"],
        LearningRate = 1e-3f,
        Epochs = 3,
        BatchSize = 8,
        LogEvery = 1,
        Seed = 7,
        Report = false,
        Session = new SessionOptions { Threads = 1 },
    };

    public static Task<FineTuningResult> RunAsync(FineTunerOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
        new FineTuner(options).RunAsync(Data(), Data("test", 2), progress, cancellation);

    public static Task<FineTuningResult> ResumeAsync(string folder, IProgress<TrainingProgress>? progress = null, int threads = 1, CancellationToken cancellation = default) =>
        FineTuner.ResumeAsync(folder, options => options with { Network = Network, Session = new SessionOptions { Threads = threads } }, progress, cancellation);

    /// <summary>What must not differ between two runs: every line of the metrics, and the last and best weights.</summary>
    public static string[] Outcome(string folder)
    {
        CheckpointIndex index = CheckpointIndex.Read(folder)!;
        string[] weights = [.. new[] { index.Last, index.Best! }.Select(name => CheckpointFolder.HashOf(Path.Combine(folder, CheckpointIndex.Folder, name, CheckpointFolder.WeightsFile)))];
        return [.. File.ReadAllLines(Path.Combine(folder, MetricsLog.CsvFile)), .. File.ReadAllLines(Path.Combine(folder, MetricsLog.JsonlFile)), .. weights];
    }

    public static Tensor Network(Tensor x, Operand keepProb, int classes)
    {
        Tensor conv1 = x.Conv(5, 8, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm1");
        Tensor conv2 = conv1.Conv(3, 16, name: "conv2", groups: 2);
        Tensor flat = ArrayOps.Reshape(conv2, [-1, 4 * 4 * 16]);
        return flat.Fc(4 * 4 * 16, 32, "fc6", keepProb).Fc(32, 32, "fc7", keepProb).Fc(32, classes, "fc8", relu: false);
    }
}

/// <summary>Calls back on the thread that reports.</summary>
internal sealed class DirectProgress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
