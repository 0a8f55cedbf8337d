using AlexNetTF.Execution;
using AlexNetTF.Kernels;
using AlexNetTF.Testing;
using AlexNetTF.Tests.Kernels;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>Whole training steps of a small net: the plan, and the variables' bits after some steps.</summary>
public class TrainingStepTests
{
    private const int Batch = 6;
    private const int Steps = 3;

    public enum Rule
    {
        GradientDescent,
        Momentum,
        Nesterov,
        Adam,
        RMSProp,
    }

    [Test]
    public void FusedStepsGiveTheSameBits([Values] Rule rule)
    {
        (SmallNet net, Operation train) = Build(rule);
        Compare(Train(net, train, new SessionOptions { Fuse = false }), Train(net, train, new SessionOptions()), "fused");
    }

    [Test]
    public void StepsGiveTheSameBitsForAnyThreadsAndWidth([Values(Rule.GradientDescent, Rule.Adam)] Rule rule)
    {
        (SmallNet net, Operation train) = Build(rule);
        IReadOnlyList<float[]> expected = Train(net, train, new SessionOptions { Threads = 1 });
        foreach (int threads in new[] { 2, 3, 7 }) Compare(expected, Train(net, train, new SessionOptions { Threads = threads }), $"{threads} threads");
        foreach (VectorWidth width in Variants.Widths) Compare(expected, Variants.With(width, () => Train(net, train, new SessionOptions())), $"{width}");
    }

    [Test]
    public void PlanOfAStep()
    {
        (SmallNet net, Operation train) = Build(Rule.GradientDescent);
        string Plan(bool fuse)
        {
            using Session session = net.Open(new SessionOptions { Threads = 1, Fuse = fuse });
            return ((ManagedEngine)session.Engine).Describe([train, net.Loss], net.Batch(Batch));
        }

        GoldenText.Check("AlexNet.Core.Tests/Execution/Fusions/TrainingStep.txt", $"before:\n{Plan(false)}\nafter:\n{Plan(true)}");
    }

    [Test]
    public void CounterWaitsForTheUpdates([Values] bool fuse)
    {
        // TensorFlow lets only the increment's constant wait for the updates.
        var net = new SmallNet(seed: 3);
        Variable step = net.Graph.GlobalStep();
        Operation train = new GradientDescentOptimizer(0.05f).Minimize(net.Loss, globalStep: step);
        Assert.That(train.ControlInputs, Is.Empty);
        using Session session = net.Open(new SessionOptions { Fuse = fuse });
        Tensor weights = net.Graph.TrainableVariables()[0].Value;
        float[] before = session.Run(weights).ToArray<float>();

        session.Run(train, net.Batch(Batch));

        Assert.That(session.Run(weights).ToArray<float>(), Is.Not.EqualTo(before));
        Assert.That((long)session.Run(step.Value), Is.EqualTo(1));
    }

    [Test]
    public void StepAllocatesNothing()
    {
        (SmallNet net, Operation train) = Build(Rule.Momentum);
        using Session session = net.Open(new SessionOptions { Threads = 2 });
        Feeds feeds = net.Batch(Batch);
        AllocationMeter[] found = [.. Enumerable.Range(0, 8).Select(_ => AllocationMeter.PerCall(() => session.Run(train, feeds), calls: 5))];

        // An array of one missing result.
        Assert.That(found.Min(meter => meter.Thread), Is.LessThanOrEqualTo(32));
        Assert.That(found.Min(meter => meter.Process), Is.LessThanOrEqualTo(32));
    }

    private static (SmallNet Net, Operation Train) Build(Rule rule)
    {
        var net = new SmallNet(seed: 3);
        Optimizer optimizer = rule switch
        {
            Rule.GradientDescent => new GradientDescentOptimizer(0.05f),
            Rule.Momentum => new MomentumOptimizer(0.02f, 0.9f),
            Rule.Nesterov => new MomentumOptimizer(0.02f, 0.9f, useNesterov: true),
            Rule.Adam => new AdamOptimizer(0.01f, epsilon: 1e-3f),
            _ => new RMSPropOptimizer(0.01f),
        };
        return (net, optimizer.Minimize(net.Loss));
    }

    private static List<float[]> Train(SmallNet net, Operation train, SessionOptions options)
    {
        using Session session = net.Open(options);
        var losses = new float[Steps];
        for (int i = 0; i < Steps; i++) losses[i] = (float)session.Run([net.Loss, train], net.Batch(Batch))[0]!;
        NDArray[] values = session.Run([.. net.Graph.GlobalVariables().Select(variable => variable.Value)]);
        Assert.That(losses[^1], Is.Not.EqualTo(losses[0]), "the loss moves");
        return [losses, .. values.Select(value => value.ToArray<float>())];
    }

    private static void Compare(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual, string what)
    {
        for (int i = 0; i < expected.Count; i++) Variants.AssertSameBits(actual[i], expected[i], $"{what}, tensor {i}");
    }
}
