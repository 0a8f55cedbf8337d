using System.Runtime.InteropServices;
using AlexNetTF.Execution;
using AlexNetTF.Kernels;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>The whole network: the same bits however it is computed, no allocation, and its plans in words.</summary>
public class WholeNetTests
{
    private const int Classes = 20;
    private static readonly Lazy<Net> s_net = new(() => new Net(Topology.Article));
    private static readonly Lazy<float[]> s_expected = new(() => s_net.Value.Run(new SessionOptions(), 32));

    [Test]
    public void PictureHasTheSameBitsAloneAndInBatches([Values(1, 2, 5)] int batch) =>
        Same(s_net.Value.Run(new SessionOptions(), batch), batch);

    [Test]
    public void BitsDoNotDependOnThreads([Values(1, 3, 7)] int threads) =>
        Same(s_net.Value.Run(new SessionOptions { Threads = threads }, 2), 2);

    [Test]
    public void BitsDoNotDependOnTheVectorWidth([Values(512, 256, 128)] int width)
    {
        VectorWidth before = Simd.Width;
        Simd.Width = (VectorWidth)width;
        try
        {
            Same(s_net.Value.Run(new SessionOptions(), 2), 2);
        }
        finally
        {
            Simd.Width = before;
        }
    }

    [Test]
    public void BitsDoNotDependOnFusions() => Same(s_net.Value.Run(new SessionOptions { Fuse = false }, 2), 2);

    [Test]
    public void RunAllocatesNothingButTheResult()
    {
        Net net = s_net.Value;
        using Session session = net.Open(new SessionOptions());
        Feeds feeds = net.Feeds(1);
        var values = new TensorData(DType.Float32, [1, Classes]);
        AllocationMeter[] alone = [.. Enumerable.Range(0, 4).Select(_ => AllocationMeter.PerCall(() => GC.KeepAlive(new NDArray?[] { values.ToNDArray() })))];
        AllocationMeter[] run = [.. Enumerable.Range(0, 4).Select(_ => AllocationMeter.PerCall(() => session.Run(net.Layers.Fc8, feeds), calls: 3, warmUps: 2))];
        Assert.That(run.Min(meter => meter.Thread), Is.EqualTo(alone.Min(meter => meter.Thread)), "on the calling thread");
        Assert.That(run.Min(meter => meter.Process), Is.EqualTo(alone.Min(meter => meter.Process)), "in the process");
    }

    [Test]
    public void PlanOfAPrediction([Values] Topology topology, [Values(1, 32)] int batch)
    {
        var net = new Net(topology);
        Check($"Prediction{topology}{batch}", net, [net.Layers.Fc8], net.Feeds(batch));
    }

    [Test]
    public void PlanOfATrainingStep([Values("all", "fc6 fc7 fc8")] string trained)
    {
        var net = new Net(Topology.Article);
        Graph graph = net.Layers.Graph;
        Tensor labels = graph.Placeholder(DType.Float32, new Shape(null, Classes), "labels");
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, net.Layers.Fc8));
        Variable[] variables = [.. graph.TrainableVariables().Where(variable => trained == "all" || trained.Contains(variable.Op.Name.Split('/')[0], StringComparison.Ordinal))];
        Operation train = new GradientDescentOptimizer(0.01f).Minimize(loss, variables);
        Feeds feeds = net.Feeds(32, 0.5f);
        feeds[labels] = new NDArray(NPTypeCode.Single, new NumSharp.Shape(32, Classes));
        Check($"Training{trained.Replace(" ", "", StringComparison.Ordinal)}", net, [train, loss], feeds);
    }

    private static void Check(string file, Net net, Fetch[] fetches, Feeds feeds)
    {
        using var session = new Session(net.Layers.Graph, new SessionOptions { Threads = 1 });
        GoldenText.Check($"AlexNet.Layers.Tests/Network/Plans/{file}.txt", ((ManagedEngine)session.Engine).Describe(fetches, feeds));
    }

    private static void Same(float[] found, int batch) => Assert.That(
        MemoryMarshal.AsBytes<float>(found).SequenceEqual(MemoryMarshal.AsBytes(s_expected.Value.AsSpan(0, batch * Classes))),
        "The scores differ from those of the same pictures in a batch of 32.");

    private sealed class Net
    {
        private readonly Lazy<(Variable Variable, NDArray Value)[]> weights;
        private readonly int size;

        public Net(Topology topology)
        {
            var graph = new Graph();
            graph.SetRandomSeed(1);
            size = topology == Topology.OneWeirdTrick ? 224 : 227;
            X = graph.Placeholder(DType.Float32, new Shape(null, size, size, 3), "x");
            KeepProb = graph.Placeholder(DType.Float32, AlexNetTF.Shape.Scalar, "keep_prob");
            Layers = new AlexNet(X, KeepProb, Classes, topology: topology);
            weights = new(() => Initialize(graph));
        }

        public AlexNet Layers { get; }

        private Tensor X { get; }

        private Tensor KeepProb { get; }

        public Session Open(SessionOptions options)
        {
            var session = new Session(Layers.Graph, options);
            foreach ((Variable variable, NDArray value) in weights.Value) variable.Load(value, session);
            return session;
        }

        public Feeds Feeds(int batch, float keepProb = 1) => new()
        {
            [X] = TensorData.Of<float>(Recipe.Fill("pictures", (long)batch * size * size * 3, -100, 100), [batch, size, size, 3]).ToNDArray(),
            [KeepProb] = keepProb,
        };

        // Once, as it takes longer than a run.
        private static (Variable Variable, NDArray Value)[] Initialize(Graph graph)
        {
            Variable[] variables = [.. graph.GlobalVariables()];
            using var session = new Session(graph);
            session.Run(graph.GlobalVariablesInitializer());
            return [.. variables.Zip(session.Run([.. variables.Select(variable => variable.Value)]))];
        }

        public float[] Run(SessionOptions options, int batch)
        {
            using Session session = Open(options);
            return session.Run(Layers.Fc8, Feeds(batch)).ToArray<float>();
        }
    }
}
