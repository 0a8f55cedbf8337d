using AlexNetTF.Kernels;
using AlexNetTF.Tests.Ops.Nn;
using NumSharp;

namespace AlexNetTF.Tests.Ops;

/// <summary>Element-wise ops of two and three operands against index arithmetic.</summary>
public class BroadcastingTests
{
    [FsCheck.NUnit.Property(MaxTest = 150)]
    public void OperandsRepeatAsNumPyHasIt(byte rank, int sizes, int missingX, int missingY)
    {
        (int[] dims, int[] x, int[] y) = Shapes(rank % 5, sizes, missingX, missingY);
        float[] a = OpRun.Floats("a", x), b = OpRun.Floats("b", y);
        NDArray[] found = OpRun.Run(
            t => [t[0] + t[1], t[0] - t[1], MathOps.Maximum(t[0], t[1]), MathOps.Less(t[0], t[1]), MathOps.SquaredDifference(t[0], t[1])],
            [OpRun.Of(a, x), OpRun.Of(b, y)],
            known: sizes % 2 == 0);

        Same(found[0], NaiveMath.Binary(a, x, b, y, dims, (p, q) => p + q), dims);
        Same(found[1], NaiveMath.Binary(a, x, b, y, dims, (p, q) => p - q), dims);
        Same(found[2], NaiveMath.Binary(a, x, b, y, dims, Math.Max), dims);
        Same(found[3], NaiveMath.Binary(a, x, b, y, dims, (p, q) => p < q), dims);
        Same(found[4], NaiveMath.Binary(a, x, b, y, dims, (p, q) => (p - q) * (p - q)), dims);
    }

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void SelectionBroadcastsAllThree(byte rank, int sizes, int missingX, int missingY, int missingC)
    {
        (int[] dims, int[] x, int[] y) = Shapes(rank % 4, sizes, missingX, missingY);
        int[] c = Thin(dims, missingC);
        float[] a = OpRun.Floats("a", x), b = OpRun.Floats("b", y);
        bool[] condition = Array.ConvertAll(OpRun.Floats("c", c), value => value > 0);

        NDArray found = OpRun.Run(t => MathOps.WhereV2(t[0], t[1], t[2]), OpRun.Of(condition, c), OpRun.Of(a, x), OpRun.Of(b, y));

        // The common shape may be smaller than dims where all three have size 1.
        int[] common = BroadcastPlan.ResultOf(c, x, y);
        Same(found, [.. NaiveMath.Indices(common).Select(place => NaiveMath.At(condition, c, place) ? NaiveMath.At(a, x, place) : NaiveMath.At(b, y, place))], common);
    }

    [TestCase(new[] { 3, 4 }, new[] { 5, 4 })]
    [TestCase(new[] { 2 }, new[] { 3 })]
    [TestCase(new[] { 0 }, new[] { 2 })]
    public void ShapesThatDoNotFitAreNamed(int[] x, int[] y)
    {
        var graph = new Graph();
        Tensor a = graph.Placeholder(DType.Float32, Shape.Of(x), "a"), b = graph.Placeholder(DType.Float32, Shape.Of(y), "b");

        GraphException error = Assert.Throws<GraphException>(() => _ = a * b)!;

        Assert.That(error.Message, Does.Contain("Mul 'mul'").And.Contain(Shape.Of(x).ToString()).And.Contain(Shape.Of(y).ToString()));
    }

    [Test]
    public void UnknownSizesAreInferredAsFarAsTheyFollow()
    {
        var graph = new Graph();
        Tensor a = graph.Placeholder(DType.Float32, new Shape(null, 1, null, 7), "a"), b = graph.Placeholder(DType.Float32, new Shape(4, null, 1), "b");

        Assert.That((a + b).Shape, Is.EqualTo(new Shape(null, 4, null, 7)));
        Assert.That((a + 1f).Shape, Is.EqualTo(a.Shape));
        Assert.That((graph.Placeholder(DType.Float32) + b).Shape.HasRank, Is.False);
    }

    [Test]
    public void TypesMustAgree()
    {
        var graph = new Graph();
        Tensor a = graph.Placeholder(DType.Float32, new Shape(2), "a"), b = graph.Placeholder(DType.Int32, new Shape(2), "b");

        Assert.That(() => a + b, Throws.TypeOf<GraphException>().With.Message.Contain("float32").And.Message.Contain("int32"));
    }

    [TestCase(1), TestCase(2), TestCase(3), TestCase(7)]
    public void ThreadsDoNotMatter(int threads)
    {
        int[] x = [300, 1, 400], y = [2, 1];
        NDArray a = OpRun.Of(OpRun.Floats("a", x), x), b = OpRun.Of(OpRun.Floats("b", y), y);
        static Tensor[] Build(Tensor[] t) => [t[0] * t[1], MathOps.Exp(t[0]), MathOps.Where(MathOps.Greater(t[0], 0f), t[0], ArrayOps.ZerosLike(t[0]))];

        NDArray[] one = OpRun.Run(Build, [a, b], new SessionOptions { Threads = 1 });
        NDArray[] many = OpRun.Run(Build, [a, b], new SessionOptions { Threads = threads });

        for (int i = 0; i < one.Length; i++) Assert.That(many[i].ToArray<float>(), Is.EqualTo(one[i].ToArray<float>()));
    }

    [Test]
    public void ResultMayOverwriteAnOperandThatIsUsedTwice()
    {
        float[] x = OpRun.Floats("x", 100);
        NDArray found = OpRun.Run(
            t =>
            {
                Tensor doubled = t[0] + t[0];
                return doubled * doubled - MathOps.Square(doubled);
            },
            OpRun.Of(x, 100));

        Assert.That(found.ToArray<float>(), Is.All.EqualTo(0f));
    }

    // A shape, and two operands' shapes that broadcast to it: leading dimensions left out, others of size 1.
    private static (int[] Dims, int[] X, int[] Y) Shapes(int rank, int seed, int missingX, int missingY)
    {
        var random = new Random(seed);
        int[] dims = [.. Enumerable.Range(0, rank).Select(_ => random.Next(8) == 0 ? 0 : random.Next(1, 6))];
        int[] x = Thin(dims, missingX), y = Thin(dims, missingY);
        return (BroadcastPlan.ResultOf(x, y), x, y);
    }

    private static int[] Thin(int[] dims, int seed)
    {
        var random = new Random(seed);
        int left = random.Next(3) == 0 ? random.Next(dims.Length + 1) : 0;
        return [.. dims.Skip(left).Select(size => random.Next(3) == 0 ? 1 : size)];
    }

    private static void Same<T>(NDArray found, T[] expected, int[] dims)
        where T : unmanaged
    {
        Assert.That(OpRun.Dims(found), Is.EqualTo(dims));
        Assert.That(found.ToArray<T>(), Is.EqualTo(expected));
    }
}
