using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Fine-tuning with TensorFlow computing, unchanged.</summary>
public class FineTuningTests : NeedsTensorFlow
{
    [Test]
    public async Task ARunTrainsAndValidates()
    {
        using var folder = new TempFolder();
        FineTuningResult ours = await RunAsync(folder["ours"], new SessionOptions()), theirs = await RunAsync(folder["theirs"], new SessionOptions { Engine = Engine.TensorFlow });
        Assert.That(theirs.Epochs, Has.Count.EqualTo(2));

        // The first pass starts from the same numbers and draws the same dropout.
        Assert.That(theirs.Epochs[0].Training.Loss, Is.EqualTo(ours.Epochs[0].Training.Loss).Within(1e-3));
        Assert.That(theirs.Best.Training.Loss, Is.LessThan(theirs.Epochs[0].Training.Loss * 1.5));
    }

    [Test]
    public async Task AnInterruptedRunThatGoesOnEndsAsTheUninterruptedOne()
    {
        // One thread: TensorFlow's sums of several may differ from run to run.
        var session = new SessionOptions { Engine = Engine.TensorFlow, Threads = 1 };
        using var folder = new TempFolder();
        FineTuningResult whole = await RunAsync(folder["whole"], session);
        foreach (int report in new[] { 9, 21 })
        {
            string cut = folder[$"cut{report}"];
            using var stop = new CancellationTokenSource();
            Assert.That(async () => await RunAsync(cut, session, new Stop(stop, report), stop.Token), Throws.InstanceOf<OperationCanceledException>());
            FineTuningResult resumed = await FineTuner.ResumeAsync(cut, options => options with { Network = Network, Session = session }, null, default);
            Assert.That(resumed.Epochs, Is.EqualTo(whole.Epochs), $"cut at report {report}");
        }
    }

    private static Task<FineTuningResult> RunAsync(string output, SessionOptions session, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        string pictures = Path.Combine(Golden.Repository, "samples", "demo", "fashion");
        ImageDataset Some(string part, int perClass)
        {
            ImageDataset all = ImageDataset.FromFolders(Path.Combine(pictures, part), decodeAll: false);
            return new ImageDataset("some", [.. all.Items.GroupBy(item => item.Label).SelectMany(group => group.Take(perClass))], all.Labels);
        }

        var options = new FineTunerOptions
        {
            Network = Network,
            Output = output,
            Preprocessing = Preprocessing.Bvlc with { Width = 24, Height = 24 },
            TrainLayers = ["fc7", "fc8"],
            LearningRate = 1e-3f,
            Epochs = 2,
            BatchSize = 8,
            LogEvery = 1,
            Seed = 7,
            Report = false,
            Session = session,
        };
        return new FineTuner(options).RunAsync(Some("train", 4), Some("test", 2), progress, cancellation);
    }

    private static Tensor Network(Tensor x, Operand keepProb, int classes)
    {
        Tensor conv1 = x.Conv(5, 8, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm1");
        Tensor conv2 = conv1.Conv(3, 16, name: "conv2", groups: 2);
        Tensor flat = ArrayOps.Reshape(conv2, new[] { -1, 4 * 4 * 16 });
        return flat.Fc(4 * 4 * 16, 32, "fc6", keepProb).Fc(32, 32, "fc7", keepProb).Fc(32, classes, "fc8", relu: false);
    }

    /// <summary>Cancels at a report.</summary>
    private sealed class Stop(CancellationTokenSource source, int report) : IProgress<TrainingProgress>
    {
        private int reports;

        public void Report(TrainingProgress value)
        {
            if (++reports == report) source.Cancel();
        }
    }
}
