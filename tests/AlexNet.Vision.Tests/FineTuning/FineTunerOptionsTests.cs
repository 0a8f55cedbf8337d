using AlexNetTF.FineTuning;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests;

/// <summary>What single options do to a run.</summary>
public class FineTunerOptionsTests
{
    [Test]
    public void SchedulesAreReadFromText()
    {
        Assert.Multiple(() =>
        {
            Assert.That(LearningRateSchedule.Parse("constant"), Is.EqualTo(LearningRateSchedule.Constant));
            Assert.That(LearningRateSchedule.Parse("cosine"), Is.EqualTo(LearningRateSchedule.Cosine));
            Assert.That(LearningRateSchedule.Parse("Linear:0.25"), Is.EqualTo(LearningRateSchedule.Linear with { End = 0.25f }));
            Assert.That(LearningRateSchedule.Parse("exponential:0.5:100"), Is.EqualTo(new LearningRateSchedule { Kind = ScheduleKind.Exponential, Factor = 0.5f, DecaySteps = 100 }));
            LearningRateSchedule pieces = LearningRateSchedule.Parse("piecewise:10=0.5,20=0.1");
            Assert.That(pieces.Boundaries, Is.EqualTo(new long[] { 10, 20 }));
            Assert.That(pieces.Factors, Is.EqualTo(new[] { 1, 0.5f, 0.1f }));
        });
    }

    [TestCase("steps")]
    [TestCase("constant:1")]
    [TestCase("cosine:half")]
    [TestCase("cosine:-1")]
    [TestCase("exponential:0.5:100:7")]
    [TestCase("piecewise")]
    [TestCase("piecewise:10")]
    [TestCase("piecewise:20=0.5,10=0.1")]
    public void AnotherTextIsNoSchedule(string text) =>
        Assert.That(() => LearningRateSchedule.Parse(text), Throws.TypeOf<AlexNetException>());

    [Test]
    public async Task ClassWeightsAreFactorsOfEachPicturesLoss()
    {
        using var folder = new TempFolder();
        // Nothing changes at a rate this small: the three runs see the same network.
        FineTunerOptions options = SmallRun.Options(folder["plain"]) with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e-30f, Epochs = 1 };
        EpochMetrics plain = (await SmallRun.RunAsync(options)).Last;
        EpochMetrics even = (await SmallRun.RunAsync(options with { Output = folder["even"], ClassWeights = [3, 0, 3, 0, 3, 0, 3, 0, 3, 0] })).Last;
        EpochMetrics odd = (await SmallRun.RunAsync(options with { Output = folder["odd"], ClassWeights = [0, 3, 0, 3, 0, 3, 0, 3, 0, 3] })).Last;

        Assert.That(even.Training.Loss + odd.Training.Loss, Is.EqualTo(3 * plain.Training.Loss).Within(1e-5));
        Assert.That(even.Training.Loss, Is.Not.EqualTo(odd.Training.Loss));
        Assert.That(even.Validation, Is.EqualTo(plain.Validation), "judging weighs nothing");
    }

    [Test]
    public async Task ARunFromACheckpointTakesItsPreprocessingAndTopology()
    {
        using var folder = new TempFolder();
        FineTunerOptions first = SmallRun.Options(folder["first"]) with { Epochs = 1, Topology = Topology.Bvlc, Preprocessing = Preprocessing.Article with { Width = 24, Height = 24 } };
        await SmallRun.RunAsync(first);
        await SmallRun.RunAsync(SmallRun.Options(folder["second"]) with { Epochs = 1, Preprocessing = null, Checkpoint = folder["first"], SkipLayers = [] });

        FineTunerOptions second = RunFolder.ReadOptions(folder["second"]);
        Assert.That(second.Preprocessing, Is.EqualTo(first.Preprocessing));
        Assert.That(second.Topology, Is.EqualTo(Topology.Bvlc));
    }

    [Test]
    public async Task OnlyMomentumHasMomentumUnlessItIsGiven()
    {
        using var folder = new TempFolder();
        FineTunerOptions options = SmallRun.Options(folder["plain"]) with { Optimizer = OptimizerKind.RmsProp, Epochs = 2 };
        FineTuningResult plain = await SmallRun.RunAsync(options);
        FineTuningResult none = await SmallRun.RunAsync(options with { Output = folder["none"], Momentum = 0 });
        FineTuningResult some = await SmallRun.RunAsync(options with { Output = folder["some"], Momentum = 0.9f });

        Assert.That(plain.Last, Is.EqualTo(none.Last));
        Assert.That(plain.Last, Is.Not.EqualTo(some.Last));
    }
}
