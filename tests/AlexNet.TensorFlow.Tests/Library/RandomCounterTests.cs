using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Random ops, whose stateless twins TensorFlow runs: their numbers are the stateful ops', and their places can be read and set.</summary>
public class RandomCounterTests : NeedsTensorFlow
{
    private const int Runs = 3;
    private static readonly SessionOptions Options = new() { Engine = Engine.TensorFlow };

    [Test]
    public void TheNumbersAreThoseOfTensorFlowsStatefulOps([Values(0, 1, 77, 70000)] int size)
    {
        var graph = new Graph();
        Tensor[] draws = [.. Drawn(graph, size)];
        using NativeModel stateful = NativeModel.OfGraphDef(graph.ToGraphDef());
        using var session = new Session(graph, Options);
        for (int run = 0; run < Runs; run++)
        {
            NDArray[] ours = session.Run(draws), theirs = stateful.Run([.. draws.Select(draw => draw.Name)]);
            for (int i = 0; i < draws.Length; i++) Assert.That(Bytes(ours[i]), Is.EqualTo(Bytes(theirs[i])), $"{draws[i]} of run {run}");
        }

        Assert.That(session.Engine.GetRandomCounters().Values, Is.All.EqualTo((ulong)(256 * Runs * size)));
    }

    [Test]
    public void AnotherSessionGoesOnWhereOneStood([Values] bool fromManaged)
    {
        var graph = new Graph();
        graph.SetRandomSeed(5);
        Tensor x = graph.Placeholder(DType.Float32, Shape.Unknown, "x");
        Tensor dropped = Nn.Dropout(x, 0.5f);
        using var first = new Session(graph, fromManaged ? new SessionOptions() : Options);
        using var second = new Session(graph, Options);
        Run(first, 9);
        Run(first, 4);
        second.Engine.SetRandomCounters(first.Engine.GetRandomCounters());
        Assert.That(Run(second, 30), Is.EqualTo(Run(first, 30)));
        Assert.That(second.Engine.GetRandomCounters(), Is.EqualTo(first.Engine.GetRandomCounters()));
        second.Engine.SetRandomCounters(new Dictionary<string, ulong>());
        float[] anew = Run(second, 30);
        Assert.That(Run(second, 30), Is.Not.EqualTo(anew));

        float[] Run(Session session, int size) => session.Run(dropped, new Feeds { [x] = np.ones(new NumSharp.Shape(size, 3), NPTypeCode.Single) }).ToArray<float>();
    }

    [Test]
    public void OpsWithoutSeedsDifferFromSessionToSession()
    {
        var graph = new Graph();
        Tensor draw = graph.RandomUniform(new[] { 5 });
        using Session first = new(graph, Options), second = new(graph, Options);
        Assert.That(first.Run(draw).ToArray<float>(), Is.Not.EqualTo(second.Run(draw).ToArray<float>()));
    }

    [Test]
    public void AShuffleThatHasMovedIsRefused()
    {
        var graph = new Graph();
        Tensor shuffled = RandomOps.RandomShuffle(graph.Constant(new[] { 1f, 2, 3 }), 1);
        using Session managed = new(graph), session = new(graph, Options);
        managed.Run(shuffled);
        RunException? error = Assert.Throws<RunException>(() => session.Engine.SetRandomCounters(managed.Engine.GetRandomCounters()));
        Assert.That(error!.Message, Does.Contain(shuffled.Op.Name));
    }

    private static IEnumerable<Tensor> Drawn(Graph graph, int size)
    {
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            yield return Lone(graph.RandomUniform(new[] { size }, type: type, seed: 3));
            yield return Lone(graph.RandomNormal(new[] { size }, type: type, seed: -4));
            yield return Lone(graph.TruncatedNormal(new[] { size }, type: type, seed: 5));
        }

        foreach (DType type in new[] { DType.Int32, DType.Int64 }) yield return graph.RandomUniform(new[] { size }, -7, 1000, type, seed: 6);
    }

    // The draw itself, before it is scaled and moved.
    private static Tensor Lone(Tensor scaled) => scaled.Op.Inputs[0].Op.Inputs[0];

    private static byte[] Bytes(NDArray array) => NDArrays.TypeOf(array) switch
    {
        DType.Float32 => System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(array.ToArray<float>()).ToArray(),
        DType.Float64 => System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(array.ToArray<double>()).ToArray(),
        DType.Int32 => System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(array.ToArray<int>()).ToArray(),
        _ => System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(array.ToArray<long>()).ToArray(),
    };
}
