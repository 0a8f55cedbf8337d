using System.Globalization;
using System.Runtime.InteropServices;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Execution;

/// <summary>Every kernel, and the small network's training, in processes that lack the wider instructions.</summary>
public class NarrowHardwareTests
{
    private const string Bits = "ALEXNET_TEST_BITS_OF_TRAINING";

    [TestCase("DOTNET_EnableAVX512")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableHWIntrinsic")]
    public void KernelsEqualTheirTwinsWithout(string instructions)
    {
        if (ChildProcess.IsChild) return;

        TestTotals totals = ChildProcess.RunTests("FullyQualifiedName~AlexNetTF.Tests.Kernels.", new Dictionary<string, string?> { [instructions] = "0" }, TimeSpan.FromMinutes(5));

        Assert.That(totals.Failed, Is.Zero, totals.Output);
        Assert.That(totals.Passed, Is.GreaterThan(300), totals.Output);
    }

    [Test]
    public void TrainingHasTheSameBitsWithoutWideVectors()
    {
        if (ChildProcess.IsChild) return;
        var environment = new Dictionary<string, string?> { ["DOTNET_EnableAVX512"] = "0", [Bits] = BitsOfTraining() };

        TestTotals totals = ChildProcess.RunTests($"FullyQualifiedName~{nameof(TrainingGivesTheParentsBits)}", environment);

        Assert.That((totals.Failed, totals.Passed), Is.EqualTo((0, 1)), totals.Output);
    }

    [Test]
    public void TrainingGivesTheParentsBits()
    {
        if (!ChildProcess.IsChild) return;
        Assert.That(BitsOfTraining(), Is.EqualTo(Environment.GetEnvironmentVariable(Bits)));
    }

    /// <summary>A hash of the loss and of every variable after two steps with dropout.</summary>
    private static string BitsOfTraining()
    {
        var net = new SmallNet(seed: 7);
        Operation train = new MomentumOptimizer(0.05f, 0.9f).Minimize(net.Loss);
        using Session session = net.Open();
        session.Run([net.Loss, train], net.Batch(9));
        float[] loss = session.Run([net.Loss, train], net.Batch(9))[0]!.ToArray<float>();
        float[] all = [.. loss, .. net.Graph.TrainableVariables().SelectMany(variable => session.Run(variable.Value).ToArray<float>())];
        return Recipe.Fnv1a64(MemoryMarshal.AsBytes<float>(all)).ToString("x16", CultureInfo.InvariantCulture);
    }
}
