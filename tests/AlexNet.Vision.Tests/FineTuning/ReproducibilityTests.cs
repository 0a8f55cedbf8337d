using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>One seed, one run: whatever is cached, however many threads, wherever it was cut off.</summary>
public class ReproducibilityTests
{
    private static readonly Func<FineTunerOptions, FineTunerOptions>[] Kinds =
    [
        options => options,
        options => options with { KeepProb = 0.5f, TrainLayers = ["fc8"], Optimizer = OptimizerKind.Momentum, Augmentation = Augmentation.Article, Schedule = LearningRateSchedule.Cosine },
        options => options with { KeepProb = 0.5f, TrainLayers = ["conv2", "fc6", "fc7", "fc8"], Optimizer = OptimizerKind.RmsProp, ClipNorm = 1, L2 = 1e-3f, CheckpointEvery = 2 },
        options => options with { TrainLayers = ["conv1", "conv2", "fc6", "fc7", "fc8"], Optimizer = OptimizerKind.Sgd, Augmentation = Augmentation.FromNames("flip,crop,color"), ClassWeights = [1, 2, 1, 1, 1, 0.5f, 1, 1, 1, 1], Nesterov = true },
    ];

    [Test]
    public async Task CachedFeaturesChangeNoBit([Range(0, 2)] int kind)
    {
        using var folder = new TempFolder();
        FineTunerOptions options = Kinds[kind](SmallRun.Options(folder["memory"]));
        await SmallRun.RunAsync(options);
        await SmallRun.RunAsync(options with { Output = folder["mapped"], FeatureCacheMemory = 0 });
        await SmallRun.RunAsync(options with { Output = folder["none"], FeatureCache = false });

        string[] expected = SmallRun.Outcome(folder["none"]);
        Assert.Multiple(() =>
        {
            Assert.That(SmallRun.Outcome(folder["memory"]), Is.EqualTo(expected));
            Assert.That(SmallRun.Outcome(folder["mapped"]), Is.EqualTo(expected));
            Assert.That(Directory.EnumerateFiles(folder["mapped"], "*.tmp"), Is.Empty);
        });
    }

    [Test]
    public async Task ThreadsChangeNoBit([Range(0, 3)] int kind)
    {
        using var folder = new TempFolder();
        FineTunerOptions options = Kinds[kind](SmallRun.Options(folder["one"]));
        await SmallRun.RunAsync(options);
        await SmallRun.RunAsync(options with { Output = folder["two"], Session = new SessionOptions { Threads = 2 } });

        Assert.That(SmallRun.Outcome(folder["two"]), Is.EqualTo(SmallRun.Outcome(folder["one"])));
    }

    [Test]
    public async Task AResumedRunIsTheUninterruptedOne([Range(0, 3)] int kind)
    {
        using var folder = new TempFolder();
        FineTunerOptions options = Kinds[kind](SmallRun.Options(folder["whole"]));
        FineTuningResult whole = await SmallRun.RunAsync(options);

        // Cut off at reports of all kinds: while features are computed, while training, while judging, after a pass.
        string cut = folder["cut"];
        int cuts = 0;
        FineTuningResult? resumed = null;
        while (resumed is null)
        {
            using var stop = new CancellationTokenSource();
            int reports = 0, allowed = 3 + (5 * cuts++);
            var progress = new DirectProgress(_ =>
            {
                if (++reports == allowed) stop.Cancel();
            });
            try
            {
                resumed = CheckpointIndex.Read(cut) is null
                    ? await SmallRun.RunAsync(options with { Output = cut }, progress, stop.Token)
                    : await SmallRun.ResumeAsync(cut, progress, threads: 1 + (cuts % 2), stop.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.That(CheckpointIndex.Read(cut), Is.Not.Null);
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(cuts, Is.GreaterThan(2));
            Assert.That(SmallRun.Outcome(cut), Is.EqualTo(SmallRun.Outcome(folder["whole"])));
            Assert.That(resumed.Epochs, Is.EqualTo(whole.Epochs));
            Assert.That(resumed.Best, Is.EqualTo(whole.Best));
        });
    }

    [Test]
    public void TheFrontierStandsBeforeWhatTrainingChanges()
    {
        static string[] Frontier(float keepProb, params string[] layers)
        {
            using var network = new TrainingNetwork(SmallRun.Options("x") with { KeepProb = keepProb, TrainLayers = layers }, Topology.Article, 10, 1);
            return [.. FrozenPrefix.Find(network.Input, [network.Train, network.Loss, network.Logits]).Select(tensor => tensor.Op.Name)];
        }

        Assert.Multiple(() =>
        {
            Assert.That(Frontier(1, "fc8"), Is.EqualTo(new[] { "fc7/Relu" }).Or.Length.EqualTo(1));
            Assert.That(Frontier(1, "fc7", "fc8"), Is.Not.EqualTo(Frontier(1, "fc8")).And.Length.EqualTo(1));
            // Dropout after fc6 is random, so fc6's result is the last that stays.
            Assert.That(Frontier(0.5f, "fc8"), Is.EqualTo(Frontier(1, "fc7")));
            Assert.That(Frontier(1, "conv1"), Is.Empty);
        });
    }
}
