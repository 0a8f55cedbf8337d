using NumSharp;

namespace AlexNetTF.Tests.Ops.Nn;

public class PoolTests
{
    private static readonly NaivePooling[] s_cases =
    [
        new(2, 7, 7, 5, 3, 3, 2, 2, Same: false),
        new(1, 8, 6, 33, 3, 3, 2, 2, Same: true),
        new(1, 13, 13, 64, 3, 3, 2, 2, Same: false),
        new(2, 6, 9, 17, 2, 3, 1, 2, Same: true),
        new(1, 5, 5, 8, 1, 1, 2, 2, Same: false),
        new(1, 4, 4, 3, 5, 5, 3, 3, Same: true),
        new(1, 6, 6, 2, 2, 2, 3, 3, Same: true),
    ];

    [TestCaseSource(nameof(s_cases))]
    public void MaxTakesTheLargestCell(object pool)
    {
        var naive = (NaivePooling)pool;
        float[] x = OpRun.Floats("max", naive.InDims);
        var expected = new double[Shape.CountOf(naive.OutDims)];
        naive.ForEach((output, cells) => expected[output] = cells.Max(cell => x[cell]));

        NDArray y = OpRun.Run(t => AlexNetTF.Nn.MaxPool(t[0], naive.Ksize, naive.Strides, naive.Padding), OpRun.Of(x, naive.InDims));

        OpRun.AssertClose(y, expected, naive.OutDims, 0, $"{naive}");
    }

    [TestCaseSource(nameof(s_cases))]
    public void FirstOfEqualCellsTakesTheGradient(object pool)
    {
        var naive = (NaivePooling)pool;

        // Few different values: many ties.
        float[] x = Array.ConvertAll(OpRun.Floats("ties", naive.InDims), value => MathF.Round(value * 2));
        float[] dy = OpRun.Floats("dy", naive.OutDims);
        var expected = new double[x.Length];
        naive.ForEach((output, cells) => expected[cells.First(cell => x[cell] == cells.Max(other => x[other]))] += dy[output]);

        NDArray dx = OpRun.Run(t => GradientOf(AlexNetTF.Nn.MaxPool(t[0], naive.Ksize, naive.Strides, naive.Padding), t[1]), OpRun.Of(x, naive.InDims), OpRun.Of(dy, naive.OutDims));

        OpRun.AssertClose(dx, expected, naive.InDims, 1e-6, $"{naive}");
    }

    [Test]
    public void MaxKnowsEveryNumberType()
    {
        int[] dims = [1, 3, 3, 1];
        sbyte[] values = [-5, -7, -9, -4, -3, -8, -2, -6, -1];
        NDArray[] inputs =
        [
            OpRun.Of(values, dims), OpRun.Of(Array.ConvertAll(values, v => (short)v), dims), OpRun.Of(Array.ConvertAll(values, v => (int)v), dims),
            OpRun.Of(Array.ConvertAll(values, v => (long)v), dims), OpRun.Of(Array.ConvertAll(values, v => (double)v), dims),
        ];
        foreach (NDArray input in inputs)
        {
            NDArray y = OpRun.Run(t => AlexNetTF.Nn.MaxPool(t[0], [1, 3, 3, 1], [1, 2, 2, 1], Padding.Same), input);
            Assert.That(y.astype(NPTypeCode.Int32).ToArray<int>(), Is.EqualTo(new[] { -3, -3, -2, -1 }), $"{input.typecode}");
        }

        NDArray bytes = OpRun.Run(t => AlexNetTF.Nn.MaxPool(t[0], [1, 3, 3, 1], [1, 1, 1, 1], Padding.Valid), OpRun.Of(Array.ConvertAll(values, v => (byte)v), dims));
        Assert.That(bytes.ToArray<byte>(), Is.EqualTo(new[] { (byte)255 }));
    }

    [Test]
    public void WindowThatDoesNotFitIsNamed()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 2, 9, 3), "x");

        GraphException error = Assert.Throws<GraphException>(() => AlexNetTF.Nn.MaxPool(x, [1, 3, 3, 1], [1, 1, 1, 1], Padding.Valid, "pool"))!;

        Assert.That(error.Message, Does.Contain("MaxPool 'pool'").And.Contain("window of 3").And.Contain("2 cells of dimension 1").And.Contain("VALID"));
    }

    [Test]
    public void NoRoomForAWindowInARunGivesNoOutput()
    {
        NDArray[] y = OpRun.Run(t => [AlexNetTF.Nn.MaxPool(t[0], [1, 3, 3, 1], [1, 1, 1, 1], Padding.Valid)], [OpRun.Of(new float[10], 1, 2, 5, 1)], known: false);
        Assert.That(OpRun.Dims(y[0]), Is.EqualTo(new[] { 1, 0, 3, 1 }));
        RunException error = Assert.Throws<RunException>(() =>
            OpRun.Run(t => [AlexNetTF.Nn.MaxPool(t[0], [1, 4, 3, 1], [1, 1, 1, 1], Padding.Valid)], [OpRun.Of(new float[10], 1, 2, 5, 1)], known: false))!;
        Assert.That(error.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
    }

    [Test]
    public void ShapesWithUnknownSizesArePassedOn()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 55, null, 96), "x");
        Assert.That(AlexNetTF.Nn.MaxPool(x, [1, 3, 3, 1], [1, 2, 2, 1], Padding.Valid).Shape, Is.EqualTo(new Shape(null, 27, null, 96)));
        Tensor nothing = graph.Placeholder(DType.Float32, null, "nothing");
        Assert.That(AlexNetTF.Nn.MaxPool(nothing, [1, 3, 3, 1], [1, 2, 2, 1], Padding.Same).Shape, Is.EqualTo(Shape.OfRank(4)));
    }

    internal static Tensor GradientOf(Tensor y, Tensor dy, int input = 0) => y.Op.Def.Gradient.Function!(y.Op, [dy])[input]!;
}
