using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Random ops beyond the golden numbers: sessions, counters, threads, types, shapes, errors.</summary>
public class RandomOpTests
{
    [Test]
    public void SeedlessOpsDifferFromSessionToSession()
    {
        var graph = new Graph();
        Tensor numbers = graph.RandomUniform(new[] { 8 }), shuffled = RandomOps.RandomShuffle(graph.Constant(Enumerable.Range(0, 100).ToArray()));
        using Session first = new(graph), second = new(graph);

        float[] once = first.Run(numbers).ToArray<float>(), again = first.Run(numbers).ToArray<float>(), elsewhere = second.Run(numbers).ToArray<float>();
        Assert.That(again, Is.Not.EqualTo(once));
        Assert.That(elsewhere, Is.Not.EqualTo(once));
        Assert.That(first.Run(shuffled).ToArray<int>(), Is.EquivalentTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void SeededOpsRepeatInEverySession()
    {
        var graph = new Graph();
        Tensor numbers = graph.RandomNormal(new[] { 1000 }, seed: 3);
        using Session first = new(graph, new SessionOptions { Threads = 1 }), second = new(graph, new SessionOptions { Threads = 7 });
        for (int run = 0; run < 3; run++) Assert.That(second.Run(numbers).ToArray<float>(), Is.EqualTo(first.Run(numbers).ToArray<float>()));
    }

    [Test]
    public void CountersGoOnWhereTheyAreSet()
    {
        var graph = new Graph();
        Tensor numbers = graph.TruncatedNormal(new[] { 50 }, seed: 3, name: "numbers");
        using Session first = new(graph), second = new(graph);
        first.Run(numbers);
        second.Engine.SetRandomCounters(first.Engine.GetRandomCounters());

        Assert.That(second.Run(numbers).ToArray<float>(), Is.EqualTo(first.Run(numbers).ToArray<float>()));
    }

    [Test]
    public void EveryTypeStaysInItsRange()
    {
        var graph = new Graph();
        int[] shape = [4000];
        Tensor[] tensors =
        [
            graph.RandomUniform(shape, -2.0, 3.0, DType.Float64, seed: 1),
            graph.RandomUniform(shape, -2, 3, DType.Int64, seed: 2),
            graph.RandomNormal(shape, 1.0, 2.0, DType.Float64, seed: 3),
            graph.TruncatedNormal(shape, 1.0, 2.0, DType.Float64, seed: 4),
            graph.RandomUniform(shape, -2, 3, DType.Int32, seed: 5),
        ];
        using var session = new Session(graph);
        NDArray[] found = session.Run(tensors);

        double[] uniform = found[0].ToArray<double>(), normal = found[2].ToArray<double>(), truncated = found[3].ToArray<double>();
        Assert.That(uniform, Is.All.InRange(-2.0, 3.0));
        Assert.That(uniform.Average(), Is.EqualTo(0.5).Within(0.1));
        Assert.That(found[1].ToArray<long>().Distinct(), Is.EquivalentTo(new long[] { -2, -1, 0, 1, 2 }));
        Assert.That(found[4].ToArray<int>().Distinct(), Is.EquivalentTo(new[] { -2, -1, 0, 1, 2 }));
        Assert.That(normal.Average(), Is.EqualTo(1.0).Within(0.15));
        Assert.That(Math.Sqrt(normal.Average(value => (value - 1) * (value - 1))), Is.EqualTo(2.0).Within(0.15));
        Assert.That(truncated, Is.All.InRange(-3.0, 5.0));
    }

    [Test]
    public void ShapeMayComeFromATensor()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 3), "x");
        Tensor numbers = graph.RandomUniform(ArrayOps.Shape(x), seed: 1);
        using var session = new Session(graph);

        Assert.That(numbers.Shape, Is.EqualTo(new Shape(null, 3)));
        NDArray found = session.Run(numbers, new Feeds { [x] = new float[,] { { 1, 2, 3 }, { 4, 5, 6 } } });
        Assert.That(found.shape, Is.EqualTo(new long[] { 2, 3 }));
    }

    [Test]
    public void NodesAreTensorFlowsHelperNodes()
    {
        var graph = new Graph();
        graph.RandomUniform(new[] { 2 }, -1.0, 1.0, name: "u");
        graph.TruncatedNormal(new[] { 2 });
        graph.RandomUniform(new[] { 2 }, 0, 9, DType.Int32);

        Assert.That(graph.Operations.Select(op => $"{op.Name} {op.Type}"), Is.EqualTo(new[]
        {
            "u/shape Const", "u/min Const", "u/max Const", "u/RandomUniform RandomUniform", "u/sub Sub", "u/mul Mul", "u Add",
            "truncated_normal/shape Const", "truncated_normal/mean Const", "truncated_normal/stddev Const", "truncated_normal/TruncatedNormal TruncatedNormal", "truncated_normal/mul Mul", "truncated_normal Add",
            "random_uniform/shape Const", "random_uniform/min Const", "random_uniform/max Const", "random_uniform RandomUniformInt",
        }));
    }

    [Test]
    public void ImpossibleRangesAreRefused()
    {
        var graph = new Graph();
        Tensor empty = graph.RandomUniform(new[] { 2 }, 5, 5, DType.Int32);
        using var session = new Session(graph);

        Assert.That(() => graph.RandomUniform(new[] { 2 }, type: DType.Int32), Throws.TypeOf<GraphException>().With.Message.Contain("maxval"));
        Assert.That(() => graph.RandomUniform(new[] { 2 }, type: DType.Bool), Throws.TypeOf<GraphException>());
        Assert.That(Assert.Throws<RunException>(() => session.Run(empty))!.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
    }
}
