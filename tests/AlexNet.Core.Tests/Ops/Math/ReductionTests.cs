using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Reductions against sums over index groups.</summary>
public class ReductionTests
{
    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void ResultsAreThoseOfTheirGroups(byte rank, int seed, bool keepDims)
    {
        (int[] dims, int[] axes) = Case(rank % 5, seed);
        float[] x = OpRun.Floats("x", dims);
        int[] named = [.. axes.Select(axis => seed % 3 == 0 ? axis - dims.Length : axis)];
        NDArray[] found = OpRun.Run(
            t => [MathOps.Sum(t[0], named, keepDims), MathOps.Mean(t[0], named, keepDims), MathOps.Max(t[0], named, keepDims), MathOps.Min(t[0], named, keepDims), MathOps.Prod(t[0], named, keepDims)],
            [OpRun.Of(x, dims)],
            known: seed % 2 == 0);

        int[] kept = [.. dims.Select((size, d) => (size, d)).Where(each => keepDims || !axes.Contains(each.d)).Select(each => axes.Contains(each.d) ? 1 : each.size)];
        List<float>[] groups = NaiveMath.Groups(x, dims, axes);
        Close(found[0], groups, group => group.Sum(value => (double)value), kept);
        Close(found[1], groups, group => group.Count == 0 ? double.NaN : group.Average(value => (double)value), kept);
        Close(found[2], groups, group => group.Count == 0 ? double.NegativeInfinity : group.Max(), kept);
        Close(found[3], groups, group => group.Count == 0 ? double.PositiveInfinity : group.Min(), kept);
        Close(found[4], groups, group => group.Aggregate(1.0, (product, value) => product * value), kept);
    }

    [TestCase(new[] { 70000 }, new[] { 0 })]
    [TestCase(new[] { 3, 200000 }, new[] { 1 })]
    [TestCase(new[] { 100, 700, 3 }, new[] { 0, 1 })]
    [TestCase(new[] { 5, 40000, 2 }, new[] { 1 })]
    [TestCase(new[] { 200, 1500 }, new[] { 0 })]
    [TestCase(new[] { 40, 3, 900, 2 }, new[] { 0, 2 })]
    [TestCase(new[] { 300, 2, 300 }, new[] { 0, 2 })]
    public void LargeTensorsAreCutWithoutChangingAnything(int[] dims, int[] axes)
    {
        float[] x = OpRun.Floats("x", dims);
        NDArray[] one = Run(1);
        List<float>[] groups = NaiveMath.Groups(x, dims, axes);
        int[] kept = [.. dims.Where((_, d) => !axes.Contains(d))];
        Close(one[0], groups, group => group.Sum(value => (double)value), kept);
        Close(one[1], groups, group => group.Max(), kept);
        foreach (int threads in (int[])[2, 3, 7])
        {
            NDArray[] many = Run(threads);
            for (int i = 0; i < one.Length; i++) Assert.That(many[i].ToArray<float>(), Is.EqualTo(one[i].ToArray<float>()), $"{threads} threads");
        }

        NDArray[] Run(int threads) => OpRun.Run(
            t => [MathOps.Sum(t[0], axes), MathOps.Max(t[0], axes), MathOps.Mean(t[0], axes), AlexNetTF.Nn.L2Loss(t[0])],
            [OpRun.Of(x, dims)],
            new SessionOptions { Threads = threads });
    }

    [Test]
    public void ResultDoesNotDependOnItsNeighbours()
    {
        float[] x = OpRun.Floats("x", 32, 5000);
        float[] whole = Sums(x, 32), alone = [.. Enumerable.Range(0, 32).SelectMany(row => Sums(x[(row * 5000)..((row + 1) * 5000)], 1))];

        Assert.That(alone, Is.EqualTo(whole));

        static float[] Sums(float[] values, int rows) => OpRun.Run(t => MathOps.Sum(t[0], [1]), OpRun.Of(values, rows, 5000)).ToArray<float>();
    }

    [Test]
    public void NaNIsPassedOverByExtremesOnly()
    {
        NDArray x = OpRun.Of([float.NaN, 2, -3, float.NaN, float.NaN, float.NaN], 2, 3);

        NDArray[] found = OpRun.Run(t => [MathOps.Max(t[0], [1]), MathOps.Min(t[0], [1]), MathOps.Sum(t[0], [1]), MathOps.Max(t[0], [0])], [x]);

        Assert.That(found[0].ToArray<float>(), Is.EqualTo(new[] { 2, float.NegativeInfinity }));
        Assert.That(found[1].ToArray<float>(), Is.EqualTo(new[] { -3, float.PositiveInfinity }));
        Assert.That(found[2].ToArray<float>(), Is.All.NaN);
        Assert.That(found[3].ToArray<float>(), Is.EqualTo(new[] { float.NegativeInfinity, 2, -3 }));
    }

    [Test]
    public void TruthValues()
    {
        NDArray x = OpRun.Of([true, true, false, true, false, false], 3, 2);

        NDArray[] found = OpRun.Run(t => [MathOps.All(t[0], [1]), MathOps.Any(t[0], [1]), MathOps.All(t[0], [0]), MathOps.Any(t[0]), MathOps.All(t[0])], [x]);

        Assert.That(found[0].ToArray<bool>(), Is.EqualTo(new[] { true, false, false }));
        Assert.That(found[1].ToArray<bool>(), Is.EqualTo(new[] { true, true, false }));
        Assert.That(found[2].ToArray<bool>(), Is.EqualTo(new[] { false, false }));
        Assert.That(found[3].ToArray<bool>()[0], Is.True);
        Assert.That(found[4].ToArray<bool>()[0], Is.False);
    }

    [TestCase(2), TestCase(-3)]
    public void DimensionThatDoesNotExistIsRefused(int axis)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(3, 4), "x");

        Assert.That(() => MathOps.Sum(x, [axis]), Throws.TypeOf<GraphException>().With.Message.Contain($"dimension {axis}"));
    }

    [Test]
    public void AxesMayComeFromATensor()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 3), "x"), axes = graph.Placeholder(DType.Int32, new Shape(1), "axes");
        Tensor sum = MathOps.Sum(x, (Operand)axes);
        using var session = new Session(graph);
        NDArray values = OpRun.Of([1f, 2, 3, 4, 5, 6], 2, 3);

        Assert.That(session.Run(sum, new Feeds { [x] = values, [axes] = OpRun.Of([0], 1) }).ToArray<float>(), Is.EqualTo(new float[] { 5, 7, 9 }));
        Assert.That(session.Run(sum, new Feeds { [x] = values, [axes] = OpRun.Of([1], 1) }).ToArray<float>(), Is.EqualTo(new float[] { 6, 15 }));
    }

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void PlacesAreThoseOfTheFirstExtreme(byte rank, int seed, bool wide)
    {
        var random = new Random(seed);
        int[] dims = [.. Enumerable.Range(0, 1 + (rank % 4)).Select(_ => random.Next(1, 6))];
        int axis = random.Next(dims.Length);
        int[] x = [.. Enumerable.Range(0, dims.Aggregate(1, (product, size) => product * size)).Select(_ => random.Next(-3, 3))];
        DType type = wide ? DType.Int64 : DType.Int32;
        NDArray[] found = OpRun.Run(t => [MathOps.Cast(MathOps.ArgMax(t[0], axis, type), DType.Int32), MathOps.Cast(MathOps.ArgMin(t[0], axis - dims.Length, type), DType.Int32)], [OpRun.Of(x, dims)]);

        List<int>[] groups = NaiveMath.Groups(x, dims, [axis]);
        Assert.That(found[0].ToArray<int>(), Is.EqualTo(groups.Select(group => group.IndexOf(group.Max()))));
        Assert.That(found[1].ToArray<int>(), Is.EqualTo(groups.Select(group => group.IndexOf(group.Min()))));
    }

    private static (int[] Dims, int[] Axes) Case(int rank, int seed)
    {
        var random = new Random(seed);
        int[] dims = [.. Enumerable.Range(0, rank).Select(_ => random.Next(10) == 0 ? 0 : random.Next(1, 7))];
        return (dims, [.. Enumerable.Range(0, rank).Where(_ => random.Next(2) == 0)]);
    }

    private static void Close(NDArray found, List<float>[] groups, Func<List<float>, double> expected, int[] dims) =>
        OpRun.AssertClose(found, [.. groups.Select(expected)], dims, 1e-7, "reduction");
}
