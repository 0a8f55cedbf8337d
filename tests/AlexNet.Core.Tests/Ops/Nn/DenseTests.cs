using AlexNetTF.Tests.Kernels;
using NumSharp;

namespace AlexNetTF.Tests.Ops.Nn;

/// <summary>Matrix product, bias, rectifier.</summary>
public class DenseTests
{
    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void ProductIsItsDefinition(byte rows, byte columns, byte depth, bool transposeA, bool transposeB)
    {
        int m = 1 + (rows % 20), n = 1 + (columns % 40), k = depth % 50;
        int[] dimsA = transposeA ? [k, m] : [m, k], dimsB = transposeB ? [n, k] : [k, n];
        float[] a = OpRun.Floats("a", dimsA), b = OpRun.Floats("b", dimsB);
        var expected = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int l = 0; l < k; l++) expected[(i * n) + j] += (double)a[transposeA ? (l * m) + i : (i * k) + l] * b[transposeB ? (j * k) + l : (l * n) + j];
            }
        }

        Func<Tensor[], Tensor> build = t => MathOps.MatMul(t[0], t[1], transposeA, transposeB);
        OpRun.AssertClose(OpRun.Run(build, OpRun.Of(a, dimsA), OpRun.Of(b, dimsB)), expected, [m, n], 1e-6, "float32");
        OpRun.AssertClose(OpRun.Run(build, OpRun.Of(Doubles(a), dimsA), OpRun.Of(Doubles(b), dimsB)), expected, [m, n], 1e-14, "float64");
    }

    [Test]
    public void ProductGradientFollowsDifferences([Values] bool transposeA, [Values] bool transposeB)
    {
        int[] a = transposeA ? [3, 2] : [2, 3], b = transposeB ? [4, 3] : [3, 4];
        GradientCheck.Check(
            t => MathOps.MatMul(t[0], t[1], transposeA, transposeB),
            [OpRun.Of(OpRun.Doubles("a", a), a), OpRun.Of(OpRun.Doubles("b", b), b)],
            $"{transposeA} {transposeB}");
    }

    [Test]
    public void ProductKnowsIntegers()
    {
        NDArray a = OpRun.Of([1, 2, 3, 4], 2, 2), b = OpRun.Of([5, 6, 7, 8], 2, 2);
        Assert.That(OpRun.Run(t => MathOps.MatMul(t[0], t[1]), a, b).ToArray<int>(), Is.EqualTo(new[] { 19, 22, 43, 50 }));
        NDArray c = OpRun.Of([1L << 40], 1, 1), d = OpRun.Of([3L], 1, 1);
        Assert.That(OpRun.Run(t => MathOps.MatMul(t[0], t[1]), c, d).ToArray<long>(), Is.EqualTo(new[] { 3L << 40 }));
    }

    [Test]
    public void ProductRefusesOtherInnerSizes()
    {
        var graph = new Graph();
        Tensor a = graph.Placeholder(DType.Float32, new Shape(null, 3), "a"), b = graph.Placeholder(DType.Float32, new Shape(4, 5), "b");
        Assert.That(() => MathOps.MatMul(a, b, name: "fc"), Throws.TypeOf<GraphException>().With.Message.Contain("MatMul 'fc'").And.Message.Contain("3 and 4"));
        Assert.That(MathOps.MatMul(a, b, transposeA: true).Shape, Is.EqualTo(new Shape(3, 5)));
    }

    [Test]
    public void BiasIsAddedToTheLastDimension()
    {
        float[] x = OpRun.Floats("x", 2, 3, 5), b = OpRun.Floats("b", 5);
        NDArray y = OpRun.Run(t => AlexNetTF.Nn.BiasAdd(t[0], t[1]), OpRun.Of(x, 2, 3, 5), OpRun.Of(b, 5));
        Assert.That(y.ToArray<float>(), Is.EqualTo(x.Select((value, i) => value + b[i % 5])));
        NDArray ints = OpRun.Run(t => AlexNetTF.Nn.BiasAdd(t[0], t[1]), OpRun.Of([1, 2, 3, 4], 2, 2), OpRun.Of([10, 20], 2));
        Assert.That(ints.ToArray<int>(), Is.EqualTo(new[] { 11, 22, 13, 24 }));
    }

    [TestCase(1, 3)]
    [TestCase(255, 70)]
    [TestCase(257, 96)]
    [TestCase(1500, 33)]
    [TestCase(0, 4)]
    public void BiasGradientSumsRowsInOneOrder(int rows, int columns)
    {
        float[] dy = OpRun.Floats("dy", rows, columns);
        var expected = new double[columns];
        for (int i = 0; i < dy.Length; i++) expected[i % columns] += dy[i];

        float[] sums = Variants.SameBits(
            rows,
            threads => OpRun.Run(t => [AlexNetTF.Nn.BiasAddGrad(t[0])], [OpRun.Of(dy, rows, columns)], new SessionOptions { Threads = threads })[0].ToArray<float>(),
            $"{rows} x {columns}");

        OpRun.AssertClose(OpRun.Of(sums, columns), expected, [columns], 1e-5, $"{rows} x {columns}");
    }

    [Test]
    public void BiasGradientFollowsDifferences() => GradientCheck.Check(
        t => AlexNetTF.Nn.BiasAdd(t[0], t[1]),
        [OpRun.Of(OpRun.Doubles("x", 2, 2, 3), 2, 2, 3), OpRun.Of(OpRun.Doubles("b", 3), 3)],
        "bias");

    [Test]
    public void RectifierKeepsNaN()
    {
        NDArray y = OpRun.Run(t => AlexNetTF.Nn.Relu(t[0]), OpRun.Of([float.NaN, -1, 0, 2, float.PositiveInfinity, float.NegativeInfinity], 6));
        Assert.That(y.ToArray<float>(), Is.EqualTo(new[] { float.NaN, 0, 0, 2, float.PositiveInfinity, 0 }));
        NDArray bytes = OpRun.Run(t => AlexNetTF.Nn.Relu(t[0]), OpRun.Of(new sbyte[] { -128, 5, 0, -1 }, 4));
        Assert.That(bytes.ToArray<sbyte>(), Is.EqualTo(new sbyte[] { 0, 5, 0, 0 }));
    }

    [TestCase(5)]
    [TestCase(70000)]
    public void RectifierGradientStopsWhereTheOutputIsNotPositive(int count)
    {
        float[] dy = OpRun.Floats("dy", count), y = Array.ConvertAll(OpRun.Floats("y", count), value => Math.Max(0, value));
        float[] expected = [.. dy.Zip(y, (gradient, feature) => feature > 0 ? gradient : gradient * 0)];

        float[] dx = Variants.SameBits(
            count,
            threads => OpRun.Run(t => [AlexNetTF.Nn.ReluGrad(t[0], t[1])], [OpRun.Of(dy, count), OpRun.Of(y, count)], new SessionOptions { Threads = threads })[0].ToArray<float>(),
            $"{count}");

        Variants.AssertSameBits(dx, expected, $"{count}");
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);
}
