using System.Xml.Linq;
using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

public class FineTunerTests
{
    [Test]
    public void OptionsSurviveTheirFile()
    {
        using var folder = new TempFolder();
        FineTunerOptions options = FineTunerOptions.Article with
        {
            Checkpoint = folder["other"],
            Topology = Topology.Bvlc,
            Preprocessing = Preprocessing.Torchvision,
            SkipLayers = [],
            Schedule = new LearningRateSchedule { Kind = ScheduleKind.Piecewise, Boundaries = [5, 9], Factors = [1, 0.1f, 0.01f] },
            Nesterov = true,
            Epsilon = 0.1f,
            Augmentation = Augmentation.FromNames("flip,crop,color"),
            ClassWeights = [1, 0.3f],
            Patience = 3,
            Output = folder.Path,
            Session = new SessionOptions { Threads = 2, AllowWinograd = false, Device = "cpu", AllowSoftPlacement = true },
        };
        JsonFile.Write(folder["options.json"], FineTunerOptionsJson.ToJson(options));
        FineTunerOptions read = RunFolder.ReadOptions(folder.Path);
        Assert.Multiple(() =>
        {
            Assert.That(FineTunerOptionsJson.ToJson(read).ToJsonString(), Is.EqualTo(FineTunerOptionsJson.ToJson(options).ToJsonString()));
            Assert.That(read.LearningRate, Is.EqualTo(options.LearningRate));
            Assert.That(read.ClassWeights, Is.EqualTo(options.ClassWeights));
            Assert.That(read.Session, Is.EqualTo(options.Session));
        });
    }

    [Test]
    public async Task LossFallsAndProgressTells()
    {
        using var folder = new TempFolder();
        var seen = new List<TrainingProgress>();
        FineTuningResult result = await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { Epochs = 6 }, new DirectProgress(seen.Add));
        Assert.Multiple(() =>
        {
            Assert.That(result.Last.Training.Loss, Is.LessThan(result.Epochs[0].Training.Loss));
            Assert.That(seen.Where(item => item.Completed is not null).Select(item => item.Completed), Is.EqualTo(result.Epochs));
            Assert.That(seen.Where(item => item.Phase == TrainingPhase.Training).Select(item => item.TimeLeft.HasValue), Has.All.True);
            Assert.That(seen[^1].Step, Is.EqualTo(seen[^1].Steps));
            Assert.That(seen[^1].TimeLeft, Is.EqualTo(TimeSpan.Zero));
            Assert.That(seen.Where(item => item.Phase == TrainingPhase.Training), Has.Some.Matches<TrainingProgress>(item => item!.ImagesPerSecond > 0));
        });
    }

    [Test]
    public async Task TheFirstCheckpointHoldsWhatTheRunBeganWith()
    {
        using var folder = new TempFolder();
        // A frozen layer that takes longer to write than the first steps take; a rate that changes nothing beside one that does.
        FineTunerOptions options = SmallRun.Options(folder["still"]) with { Network = Wide, TrainLayers = ["fc8"], FeatureCache = false, Epochs = 1, KeepAllCheckpoints = true };
        await SmallRun.RunAsync(options with { LearningRate = 1e-30f });
        await SmallRun.RunAsync(options with { LearningRate = 0.1f, Output = folder["moved"] });
        float[] still = Read(CheckpointFolder.Open(folder["still"], "step-00000000"), "fc8/weights");
        Assert.Multiple(() =>
        {
            Assert.That(Read(CheckpointFolder.Open(folder["moved"], "step-00000000"), "fc8/weights"), Is.EqualTo(still));
            Assert.That(Read(CheckpointFolder.Open(folder["moved"], "step-00000005"), "fc8/weights"), Is.Not.EqualTo(still));
        });

        static Tensor Wide(Tensor x, Operand keepProb, int classes)
        {
            Tensor flat = ArrayOps.Reshape(x.Conv(5, 8, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid), [-1, 4 * 4 * 8]);
            return flat.Fc(4 * 4 * 8, 200_000, "fc6", keepProb).Fc(200_000, 8, "fc7", keepProb).Fc(8, classes, "fc8", relu: false);
        }
    }

    [Test]
    public async Task OnlyTheTrainedLayersChange()
    {
        using var folder = new TempFolder();
        await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { Epochs = 1, KeepAllCheckpoints = true });
        CheckpointFolder first = CheckpointFolder.Open(folder["run"], "step-00000000"), last = CheckpointFolder.Open(folder["run"], "step-00000005");
        string[] trained = ["fc7/weights", "fc7/biases", "fc8/weights", "fc8/biases"];
        Assert.Multiple(() =>
        {
            foreach (string name in trained) Assert.That(Read(last, name), Is.Not.EqualTo(Read(first, name)), name);
            Assert.That(last.Frozen, Is.EqualTo(first.Frozen));
            using WeightSource frozen = WeightFile.Open(Path.Combine(folder["run"], last.Frozen!.Value.Name));
            Assert.That(frozen.Entries.Select(entry => entry.StoredName), Is.EquivalentTo(new[] { "conv1/weights", "conv1/biases", "conv2/weights", "conv2/biases", "fc6/weights", "fc6/biases" }));
        });
    }

    [Test]
    public async Task ALossThatIsNoNumberStopsTheRun()
    {
        using var folder = new TempFolder();
        FineTunerOptions options = SmallRun.Options(folder["run"]) with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30f };
        FineTuningException error = await Failure<FineTuningException>(() => SmallRun.RunAsync(options));
        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Does.Match(@"at step [2-5] \(epoch 1, batch [2-5]: .*\.png"));
            Assert.That(error.Message, Does.Contain("learning rate"));
            Assert.That(CheckpointIndex.Read(folder["run"])!.Last, Is.EqualTo("step-00000000"));
        });
    }

    [Test]
    public async Task PatienceEndsARun()
    {
        using var folder = new TempFolder();
        // Nothing changes at a rate this small, so the first pass stays the best.
        FineTuningResult result = await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e-30f, Epochs = 9, Patience = 2 });
        Assert.Multiple(() =>
        {
            Assert.That(result.Epochs, Has.Count.EqualTo(3));
            Assert.That(result.StoppedEarly);
            Assert.That(result.Best.Epoch, Is.EqualTo(1));
        });
        FineTuningResult again = await SmallRun.ResumeAsync(folder["run"]);
        Assert.That(again.Epochs, Is.EqualTo(result.Epochs));
    }

    [Test]
    public async Task AFolderWithARunOrOtherFilesIsRefused()
    {
        using var folder = new TempFolder();
        FineTunerOptions options = SmallRun.Options(folder["run"]) with { Epochs = 1 };
        await SmallRun.RunAsync(options);
        Assert.That((await Failure<FineTuningException>(() => SmallRun.RunAsync(options))).Message, Does.Contain("holds a run already"));
        await File.WriteAllTextAsync(folder["other/letter.txt"], "dear");
        Assert.That((await Failure<FineTuningException>(() => SmallRun.RunAsync(options with { Output = folder["other"] }))).Message, Does.Contain("letter.txt"));
    }

    [Test]
    public async Task AFolderThatCannotBeWrittenToIsNamed()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["file"], "");
        string output = Path.Combine(folder["file"], "run");
        FineTuningException error = await Failure<FineTuningException>(() => SmallRun.RunAsync(SmallRun.Options(output)));
        Assert.That(error.Message, Does.Contain(output).And.Contain("cannot be written"));
    }

    [Test]
    public async Task ACheckpointThatCannotBeWrittenKeepsTheLast()
    {
        using var folder = new TempFolder();
        string run = folder["run"];
        // After the first pass the index can no longer be replaced: its name is taken by a folder that is not empty.
        var progress = new DirectProgress(item =>
        {
            if (item.Completed is not { Epoch: 1 }) return;
            Directory.Move(Path.Combine(run, CheckpointIndex.Folder), Path.Combine(run, "moved"));
            File.WriteAllText(Path.Combine(run, CheckpointIndex.Folder), "");
        });
        FineTuningException error = await Failure<FineTuningException>(() => SmallRun.RunAsync(SmallRun.Options(run), progress));
        Assert.That(error.Message, Does.Contain("step 10").And.Contain("step-00000005"));
        File.Delete(Path.Combine(run, CheckpointIndex.Folder));
        Directory.Move(Path.Combine(run, "moved"), Path.Combine(run, CheckpointIndex.Folder));
        Assert.That(async () => await SmallRun.ResumeAsync(run), Throws.Nothing);
    }

    [Test]
    public async Task APassIsToldOnceItsCheckpointIsWritten()
    {
        using var folder = new TempFolder();
        string run = folder["run"];
        var seen = new List<(TrainingProgress Told, long Written)>();
        var progress = new DirectProgress(item =>
        {
            if (item.Completed is not null) seen.Add((item, CheckpointFolder.Open(run, CheckpointIndex.Read(run)!.Last).State.Step));
        });
        await SmallRun.RunAsync(SmallRun.Options(run), progress);
        Assert.That(seen, Has.Count.EqualTo(3));
        Assert.That(seen.Select(item => item.Written), Is.EqualTo(seen.Select(item => item.Told.Step)));
    }

    [Test]
    public async Task AFirstCheckpointThatCannotBeWrittenEndsTheRun()
    {
        using var folder = new TempFolder();
        string run = folder["run"];
        Directory.CreateDirectory(run);
        await File.WriteAllTextAsync(Path.Combine(run, CheckpointIndex.Folder), "");
        FineTuningException error = await Failure<FineTuningException>(() => SmallRun.RunAsync(SmallRun.Options(run)));
        Assert.That(error.Message, Does.Contain("step 0").And.Contain("cannot be written").And.Contain(run));
    }

    [Test]
    public async Task AChangedFileIsRefused()
    {
        using var folder = new TempFolder();
        await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { Epochs = 1 });
        string frozen = Path.Combine(folder["run"], RunCheckpoints.FrozenFile);
        byte[] bytes = await File.ReadAllBytesAsync(frozen);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(frozen, bytes);
        Assert.That((await Failure<FileFormatException>(() => SmallRun.ResumeAsync(folder["run"]))).Message, Does.Contain("SHA-256"));
    }

    [Test]
    public async Task OptionsOutOfRangeAreNamed()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new FineTuner(new() { BatchSize = 0 }), Throws.TypeOf<AlexNetException>().With.Message.Contains("BatchSize is 0"));
            Assert.That(() => new FineTuner(new() { KeepProb = 0 }), Throws.TypeOf<AlexNetException>().With.Message.Contains("KeepProb is 0"));
            Assert.That(() => new FineTuner(new() { TrainLayers = [] }), Throws.TypeOf<AlexNetException>().With.Message.Contains("TrainLayers"));
            Assert.That(() => new FineTuner(new() { Weights = "a", Checkpoint = "b" }), Throws.TypeOf<AlexNetException>().With.Message.Contains("Weights is a"));
        });
        using var folder = new TempFolder();
        Assert.That(
            (await Failure<AlexNetException>(() => SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { TrainLayers = ["fc9"] }))).Message,
            Does.Contain("'fc9'").And.Contain("fc8"));
    }

    [Test]
    public async Task TheReportIsOnePageOfXml()
    {
        using var folder = new TempFolder();
        await SmallRun.RunAsync(SmallRun.Options(folder["run"]) with { Report = true, TrainLayers = ["conv1", "fc8"] });
        string text = await File.ReadAllTextAsync(Path.Combine(folder["run"], RunReport.FileName));
        XElement page = XDocument.Parse(text).Root!;
        XName Tag(string name) => XName.Get(name, "http://www.w3.org/1999/xhtml");
        XElement[] pictures = [.. page.Descendants(Tag("img"))];
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants(XName.Get("polyline", "http://www.w3.org/2000/svg")).Count(), Is.EqualTo(4));
            Assert.That(pictures, Has.Length.GreaterThan(2));
            Assert.That(pictures.Select(picture => picture.Attribute("src")!.Value), Has.All.StartsWith("data:image/"));
            Assert.That(text, Does.Contain("After training").And.Contain("Confusion").And.Contain("ankle-boot"));
            Assert.That(text, Does.Not.Contain("<script").And.Not.Contain("href="));
        });
    }

    private static async Task<T> Failure<T>(Func<Task> action)
        where T : Exception => (await Assert.ThrowsAsync<T>(action))!;

    private static float[] Read(CheckpointFolder checkpoint, string name)
    {
        using WeightSource source = WeightFile.Open(Path.Combine(checkpoint.Path, CheckpointFolder.WeightsFile));
        return source.Read(source.Entries.Single(entry => entry.StoredName == name));
    }
}
