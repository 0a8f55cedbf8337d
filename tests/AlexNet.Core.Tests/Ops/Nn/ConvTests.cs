using AlexNetTF.Tests.Kernels;
using NumSharp;
using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Ops.Nn;

public class ConvTests
{
    private const double Tolerance = 1e-5;

    private static readonly NaiveConv[] s_cases =
    [
        new(2, 9, 8, 3, 3, 3, 5),
        new NaiveConv(1, 13, 13, 16, 3, 3, 40) { Groups = 2 }.Same(),
        new NaiveConv(1, 27, 27, 8, 5, 5, 32).Same(),
        new(1, 35, 35, 3, 11, 11, 17) { StrideY = 4, StrideX = 4 },
        new NaiveConv(2, 7, 10, 6, 3, 2, 4) { StrideY = 2, DilationX = 2, DilationY = 2 }.Same(),
        new NaiveConv(1, 5, 5, 4, 1, 1, 8) { StrideY = 2, StrideX = 2 }.Same(),
        new(1, 4, 4, 8, 3, 3, 8) { Groups = 4, Zeros = (2, 0, 1, 3) },
        new NaiveConv(1, 2, 2, 2, 5, 5, 3).Same(),
    ];

    [FsCheck.NUnit.Property(MaxTest = 80)]
    public void IsItsDefinition(byte height, byte width, byte channels, byte kernelY, byte kernelX, byte filters, byte rest, bool same)
    {
        int groups = 1 + (rest % 3);
        var naive = new NaiveConv(1 + (rest / 3 % 2), 1 + (height % 12), 1 + (width % 12), groups * (1 + (channels % 5)), 1 + (kernelY % 5), 1 + (kernelX % 5), groups * (1 + (filters % 6)))
        {
            StrideY = 1 + (rest / 6 % 3),
            StrideX = 1 + (rest / 18 % 3),
            DilationY = 1 + (rest / 54 % 2),
            DilationX = 1 + (rest / 108 % 2),
            Groups = groups,
        };
        if (same) naive = naive.Same();
        if (!naive.Fits) return;
        float[] x = OpRun.Floats("x", naive.InDims), w = OpRun.Floats("w", naive.FilterDims);

        NDArray y = OpRun.Run(t => NN.Conv2D(t[0], t[1], naive.Strides, same ? Padding.Same : Padding.Valid, naive.Dilations), OpRun.Of(x, naive.InDims), OpRun.Of(w, naive.FilterDims));

        OpRun.AssertClose(y, naive.Forward(x, w), naive.OutDims, Tolerance, $"{naive}");
    }

    [TestCaseSource(nameof(s_cases))]
    public void GradientsAreTheirDefinition(object convolution)
    {
        var naive = (NaiveConv)convolution;
        float[] x = OpRun.Floats("x", naive.InDims), w = OpRun.Floats("w", naive.FilterDims), dy = OpRun.Floats("dy", naive.OutDims);
        var dx = new double[x.Length];
        var dw = new double[w.Length];
        naive.ForEach((input, filter, output) =>
        {
            dx[input] += (double)dy[output] * w[filter];
            dw[filter] += (double)dy[output] * x[input];
        });

        NDArray[] found = OpRun.Run(
            t =>
            {
                Tensor y = NN.Conv2D(t[0], t[1], naive.Strides, naive.Paddings, naive.Dilations);
                return [y, .. y.Op.Def.Gradient.Function!(y.Op, [t[2]])!];
            },
            [OpRun.Of(x, naive.InDims), OpRun.Of(w, naive.FilterDims), OpRun.Of(dy, naive.OutDims)]);

        OpRun.AssertClose(found[0], naive.Forward(x, w), naive.OutDims, Tolerance, $"{naive}");
        OpRun.AssertClose(found[1], dx, naive.InDims, Tolerance, $"dx of {naive}");
        OpRun.AssertClose(found[2], dw, naive.FilterDims, Tolerance, $"dw of {naive}");
    }

    [Test]
    public void GradientsFollowDifferences([Values] Padding padding, [Values(1, 2)] int stride, [Values(1, 2)] int groups)
    {
        int[] x = [2, 5, 4, 2 * groups], w = [3, 2, 2, 2 * groups];
        GradientCheck.Check(
            t => NN.Conv2D(t[0], t[1], [1, stride, stride, 1], padding),
            [OpRun.Of(OpRun.Doubles("x", x), x), OpRun.Of(OpRun.Doubles("w", w), w)],
            $"{padding}, stride {stride}, {groups} groups");
    }

    [Test]
    public void GradientsOfGradientsFollowDifferences()
    {
        int[] x = [1, 5, 4, 2], w = [3, 2, 2, 3], y = [1, 3, 2, 3];
        var attributes = new ConvAttributes([1, 2, 2, 1], Padding.Same);
        NDArray[] inputs = [OpRun.Of(OpRun.Doubles("x", x), x), OpRun.Of(OpRun.Doubles("w", w), w), OpRun.Of(OpRun.Doubles("dy", y), y)];
        GradientCheck.Check(t => NN.Conv2DBackpropInput(Sizes(t[0], x), t[0], t[1], attributes), [inputs[1], inputs[2]], "dx");
        GradientCheck.Check(t => NN.Conv2DBackpropFilter(t[0], Sizes(t[0], w), t[1], attributes), [inputs[0], inputs[2]], "dw");
    }

    [Test]
    public void BitsDoNotDependOnThreadsWidthOrBatch([Values(0, 1, 2, 3)] int index)
    {
        NaiveConv one = s_cases[index] with { Batch = 1 }, five = one with { Batch = 5 };
        float[] x = OpRun.Floats("x", five.InDims), w = OpRun.Floats("w", five.FilterDims);
        float[] all = Variants.SameBits(index, threads => Run(five, x, w, threads), $"{five}");
        for (int i = 0; i < 5; i++)
        {
            int size = x.Length / 5, result = all.Length / 5;
            Variants.AssertSameBits(Run(one, x.AsSpan(i * size, size).ToArray(), w, 2), all.AsSpan(i * result, result), $"picture {i} of {five}");
        }
    }

    [Test]
    public void OtherFormatIsRefusedWithTheReason()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 3, 8, 8), "x"), w = graph.Placeholder(DType.Float32, new Shape(3, 3, 3, 4), "w");
        Assert.That(
            () => NN.Conv2D(x, w, [1, 1, 1, 1], Padding.Same, dataFormat: "NCHW", name: "conv"),
            Throws.TypeOf<GraphException>().With.Message.Contain("Conv2D 'conv'").And.Message.Contain("NHWC").And.Message.Contain("it is NCHW").And.Message.Contain("Transpose"));
    }

    [Test]
    public void ChannelsMustBeAMultipleOfTheFilters()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 8, 8, 6), "x");
        Tensor four = graph.Placeholder(DType.Float32, new Shape(3, 3, 4, 4), "four"), two = graph.Placeholder(DType.Float32, new Shape(3, 3, 2, 4), "two");
        Assert.That(() => NN.Conv2D(x, four, [1, 1, 1, 1], Padding.Same), Throws.TypeOf<GraphException>().With.Message.Contain("6 and 4"));
        Assert.That(() => NN.Conv2D(x, two, [1, 1, 1, 1], Padding.Same), Throws.TypeOf<GraphException>().With.Message.Contain("3 groups").And.Message.Contain("there are 4"));
    }

    [TestCase(new[] { 1, 1, 1 }, new[] { 1, 1, 1, 1 }, "[1,1,1]")]
    [TestCase(new[] { 2, 1, 1, 1 }, new[] { 1, 1, 1, 1 }, "[2,1,1,1]")]
    [TestCase(new[] { 1, 0, 1, 1 }, new[] { 1, 1, 1, 1 }, "[1,0,1,1]")]
    [TestCase(new[] { 1, 1, 1, 1 }, new[] { 1, 1, 1, 2 }, "[1,1,1,2]")]
    public void StridesAndDilationsAreChecked(int[] strides, int[] dilations, string named)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 8, 8, 3), "x"), w = graph.Placeholder(DType.Float32, new Shape(3, 3, 3, 4), "w");
        Assert.That(() => NN.Conv2D(x, w, strides, Padding.Same, dilations), Throws.TypeOf<GraphException>().With.Message.Contain(named));
    }

    [TestCase(new[] { 0, 0, 1, 1 }, "8 numbers")]
    [TestCase(new[] { 0, 0, -1, 1, 0, 0, 0, 0 }, "negative")]
    [TestCase(new[] { 0, 1, 1, 1, 0, 0, 0, 0 }, "batch and channels")]
    public void ExplicitPaddingsAreChecked(int[] paddings, string named)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 8, 8, 3), "x"), w = graph.Placeholder(DType.Float32, new Shape(3, 3, 3, 4), "w");
        Assert.That(() => NN.Conv2D(x, w, [1, 1, 1, 1], paddings), Throws.TypeOf<GraphException>().With.Message.Contain(named));
    }

    [Test]
    public void UnknownBatchIsPassedOn()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), w = graph.Placeholder(DType.Float32, new Shape(11, 11, 3, 96), "w");
        Tensor y = NN.Conv2D(x, w, [1, 4, 4, 1], Padding.Valid, name: "conv1");
        Assert.That(y.Shape, Is.EqualTo(new Shape(null, 55, 55, 96)));
        Assert.That(y.Name, Is.EqualTo("conv1:0"));
        Assert.That(y.Op.GetAttributes().Select(pair => pair.Key), Is.EqualTo(new[] { "T", "data_format", "dilations", "explicit_paddings", "padding", "strides", "use_cudnn_on_gpu" }));
    }

    private static float[] Run(NaiveConv naive, float[] x, float[] w, int threads) => OpRun.Run(
        t => [NN.Conv2D(t[0], t[1], naive.Strides, naive.Paddings, naive.Dilations)],
        [OpRun.Of(x, naive.InDims), OpRun.Of(w, naive.FilterDims)],
        new SessionOptions { Threads = threads })[0].ToArray<float>();

    private static Tensor Sizes(Tensor any, int[] dims) => any.Graph.Constant(TensorData.Vector<int>(dims));
}
