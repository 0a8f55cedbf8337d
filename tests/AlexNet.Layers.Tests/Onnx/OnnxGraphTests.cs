using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Onnx;

/// <summary>Small graphs as ONNX models: every op that has a counterpart, odd sizes, open sizes, and what is refused.</summary>
public sealed class OnnxGraphTests
{
    private static readonly int[] Odd = [2, 9, 7, 6];

    private static IEnumerable<TestCaseData> Ops()
    {
        List<(string Name, Func<Tensor, Tensor> Build)> ops =
        [
            ("Conv2D SAME, stride 2", x => x.Conv(3, 4, 2, "c")),
            ("Conv2D VALID", x => x.Conv(3, 4, 1, "c", Padding.Valid)),
            ("Conv2D padded", x => x.Conv(5, 4, 2, "c", Padding.Valid, paddingNum: 2)),
            ("Conv2D padded, SAME", x => x.Conv(3, 4, 2, "c", Padding.Same, paddingNum: 1)),
            ("Conv2D in groups", x => x.Conv(3, 4, 1, "c", groups: 2)),
            ("Conv2D in three groups, no ReLU", x => x.Conv(3, 9, 2, "c", groups: 3, relu: false)),
            ("Conv2D dilated", x => Nn.Conv2D(x, Weights(x, 3, 3, 6, 4), [1, 1, 1, 1], Padding.Same, [1, 2, 2, 1])),
            ("Conv2D explicit", x => Nn.Conv2D(x, Weights(x, 3, 2, 6, 4), [1, 2, 1, 1], [0, 0, 2, 1, 0, 1, 0, 0])),
            ("Conv2D in groups by its filter", x => Nn.Conv2D(x, Weights(x, 3, 3, 2, 6), [1, 1, 1, 1], Padding.Same)),
            ("Conv2D twice read", x => Twice(Nn.Conv2D(x, Weights(x, 1, 1, 6, 6), [1, 1, 1, 1], Padding.Same))),
            ("MaxPool SAME", x => x.MaxPool(3, 2, "p")),
            ("MaxPool SAME, even", x => x.MaxPool(2, 2, "p")),
            ("MaxPool VALID", x => x.MaxPool(3, 2, "p", Padding.Valid)),
            ("AvgPool SAME", x => Nn.AvgPool(x, [1, 3, 2, 1], [1, 2, 1, 1], Padding.Same)),
            ("LRN", x => x.Lrn(2, 2e-5f, 0.75f, "n")),
            ("LRN, other numbers", x => x.Lrn(1, 0.7f, 0.5f, "n", 2)),
            ("LRN, window beyond the channels", x => x.Lrn(9, 0.1f, 0.75f, "n")),
            ("BiasAdd", x => Nn.BiasAdd(x, Weights(x, 6))),
            ("BiasAdd on channels first", x => Nn.BiasAdd(x.MaxPool(2, 1, "p"), Weights(x, 6))),
            ("Fc", x => ArrayOps.Reshape(x, [-1, 9 * 7 * 6]).Fc(9 * 7 * 6, 5, "f")),
            ("Fc behind a pool", x => ArrayOps.Reshape(x.MaxPool(3, 2, "p", Padding.Valid), [-1, 4 * 3 * 6]).Fc(4 * 3 * 6, 5, "f")),
            ("Fc with dropout that keeps all", x => ArrayOps.Reshape(x, [-1, 9 * 7 * 6]).Fc(9 * 7 * 6, 5, "f", keepProb: x.Graph.GetTensor("keep:0"))),
            ("MatMul transposed", x => MathOps.MatMul(Flat(x), Weights(x, 3, 9 * 7 * 6), transposeB: true)),
            ("Softmax", x => Nn.Softmax(x)),
            ("Softmax on channels first", x => Nn.Softmax(x.MaxPool(2, 1, "p"))),
            ("LogSoftmax", x => Nn.LogSoftmax(Flat(x))),
            ("Sigmoid, Tanh, Abs, Neg", x => MathOps.Sigmoid(x) + MathOps.Tanh(x) * MathOps.Abs(x) - MathOps.Neg(x)),
            ("Exp, Log, Sqrt, Square, Rsqrt, Reciprocal", x => Many(MathOps.Square(x) + 1f)),
            ("Floor, Ceil", x => MathOps.Floor(x * 3f) + MathOps.Ceil(x)),
            ("Maximum, Minimum, division", x => MathOps.Maximum(x, 0.1f) / MathOps.Minimum(x - 2f, -0.5f)),
            ("A vector against channels first", x => x.MaxPool(2, 1, "p") * Weights(x, 6)),
            ("Channels first against TensorFlow's order", x => x.MaxPool(2, 1, "p") + x),
            ("A picture against channels first", x => x.MaxPool(2, 1, "p") - Weights(x, 1, 9, 7, 6)),
            ("A matrix against channels first", x => x.MaxPool(2, 1, "p") + Weights(x, 7, 6)),
            ("Pad, Split, Concat", x => ArrayOps.Concat([.. ArrayOps.Split(ArrayOps.Pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]]), 3, axis: 3).Reverse()], axis: 3)),
            ("Pad, Split, Concat on channels first", x => ArrayOps.Concat([.. ArrayOps.Split(ArrayOps.Pad(x.MaxPool(2, 1, "p"), [[0, 0], [1, 2], [0, 3], [0, 0]]), 2, axis: -1).Reverse()], axis: 1)),
            ("Pad with a value", x => ArrayOps.Pad(x, [[0, 0], [1, 0], [0, 1], [2, 0]], constantValues: 1.5f)),
            ("SplitV", x => ArrayOps.SplitV(x, [1, 4, -1], axis: 2)[1]),
            ("Transpose", x => ArrayOps.Transpose(x, [0, 2, 1, 3])),
            ("Transpose to channels first", x => ArrayOps.Transpose(x.MaxPool(2, 1, "p"), [0, 3, 1, 2])),
            ("Squeeze, ExpandDims", x => ArrayOps.Squeeze(ArrayOps.ExpandDims(x.MaxPool(2, 1, "p"), 1), [1])),
            ("Mean over pixels", x => MathOps.Mean(x.MaxPool(2, 1, "p"), new[] { 1, 2 })),
            ("Sum, kept", x => MathOps.Sum(x, new[] { 2, 3 }, keepDims: true)),
            ("Max, Min", x => MathOps.Max(x, 3) - MathOps.Min(x, 3)),
            ("ArgMax", x => MathOps.Cast(MathOps.ArgMax(x, 3), DType.Float32)),
            ("Identity, StopGradient", x => ArrayOps.StopGradient(ArrayOps.Identity(x))),
        ];
        return ops.Select(op => new TestCaseData(op.Build).SetArgDisplayNames(op.Name));
    }

    [TestCaseSource(nameof(Ops))]
    public void OnnxRuntimeAgrees(Func<Tensor, Tensor> build)
    {
        foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>()) Check(build, new Shape(null, 9, 7, 6), Odd, layout);
    }

    [TestCase(7, 5)]
    [TestCase(8, 11)]
    public void SizesMayBeOpen(int height, int width) => Check(
        x => Nn.Relu(Nn.BiasAdd(Nn.Conv2D(x, Weights(x, 3, 3, 6, 4), [1, 2, 2, 1], Padding.Same), Weights(x, 4))).MaxPool(3, 2, "p").Lrn(2, 0.1f, 0.75f, "n"), new Shape(null, null, null, 6), [3, height, width, 6], OnnxLayout.Nhwc);

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void NetsOfAnyLayersAgree(int seed)
    {
        var random = new Random(seed);
        int[] shape = [1 + random.Next(3), 5 + random.Next(20), 5 + random.Next(20), 1 + random.Next(4)];
        Check(x => RandomNet(x, random), new Shape(null, shape[1], shape[2], shape[3]), shape, (OnnxLayout)random.Next(2));
    }

    [Test]
    public void PixelsArePreparedInTheModel([Values] OnnxLayout layout)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 5, 4, 3), "x");
        Tensor y = x.MaxPool(2, 1, "p");
        using var session = new Session(graph);
        using var folder = new TempFolder();
        var preprocessing = new OnnxPreprocessing(ReverseChannels: true, 255, [0.4f, 0.45f, 0.5f], [0.2f, 0.3f, 0.25f]);
        session.ExportOnnx(folder["m.onnx"], [new("in", x)], [new("out", y)], options: new OnnxExportOptions { Layout = layout, Preprocessing = preprocessing });
        byte[] rgb = Recipe.Bytes("pixels", 2 * 5 * 4 * 3);
        var pictures = new float[rgb.Length];
        for (int i = 0; i < rgb.Length; i++)
        {
            int channel = 2 - (i % 3);
            pictures[i - (i % 3) + channel] = ((rgb[i] / preprocessing.Divisor) - preprocessing.Mean[channel]) / preprocessing.Deviation[channel];
        }

        NDArray expected = session.Run(y, new Feeds { [x] = TensorData.Of<float>(pictures, [2, 5, 4, 3]).ToNDArray() });
        using var model = new OnnxRun(folder["m.onnx"]);
        bool first = layout == OnnxLayout.Nchw;
        NDArray pixels = TensorData.Of<byte>(rgb, [2, 5, 4, 3]).ToNDArray();
        (long[] Shape, float[] Values) found = model.Run("in", (first ? pixels.transpose([0, 3, 1, 2]).copy() : pixels).ToArray<byte>(), first ? [2, 3, 5, 4] : [2, 5, 4, 3])["out"];
        if (first) expected = expected.transpose([0, 3, 1, 2]).copy();
        GoldenTensor golden = GoldenTensor.Of<float>(expected.ToArray<float>(), NDArrays.DimsOf(expected));
        golden.AssertEqual(found.Values, [.. found.Shape.Select(size => (int)size)], Tolerance.OfLargest(golden, 1e-6));
    }

    [Test]
    public void PreprocessingMustHaveTheInputsChannels()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 5, 4, 3), "x");
        using var session = new Session(graph);
        var options = new OnnxExportOptions { Preprocessing = new OnnxPreprocessing(false, 1, [0f], [1f]) };
        Assert.That(() => session.ExportOnnx("no.onnx", [new("in", x)], [new("out", Nn.Relu(x))], options: options), Throws.TypeOf<GraphException>().With.Message.Contains("3 channels"));
    }

    [Test]
    public void AllOpsWithoutACounterpartAreNamed()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 4), "x");
        Tensor y = MathOps.Cumprod(x, 1) + ArrayOps.Tile(x, [1, 1]);
        using var session = new Session(graph);
        GraphException? error = Assert.Throws<GraphException>(() => session.ExportOnnx("no.onnx", [new("x", x)], [new("y", y)]));
        Assert.That(error!.Message, Does.Contain("Cumprod").And.Contain("Tile"));
        Assert.That(File.Exists("no.onnx"), Is.False);
    }

    [Test]
    public void DropoutThatDropsIsRefused()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 4), "x");
        using var session = new Session(graph);
        GraphException? error = Assert.Throws<GraphException>(() => session.ExportOnnx("no.onnx", [new("x", x)], [new("y", x.Dropout(0.5f))]));
        Assert.That(error!.Message, Does.Contain("keepProb of 1"));
    }

    [Test]
    public void APlaceholderWithoutAValueIsNamed()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 4), "x"), z = graph.Placeholder(DType.Float32, Shape.Scalar, "zz");
        using var session = new Session(graph);
        Assert.That(() => session.ExportOnnx("no.onnx", [new("x", x)], [new("y", x * z)]), Throws.TypeOf<GraphException>().With.Message.Contains("'zz'"));
    }

    [Test]
    public void NamesOfPortsMustDiffer()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 4), "x");
        using var session = new Session(graph);
        Assert.That(() => session.ExportOnnx("no.onnx", [new("x", x)], [new("x", Nn.Relu(x))]), Throws.TypeOf<GraphException>().With.Message.Contains("'x'"));
    }

    private static void Check(Func<Tensor, Tensor> build, Shape placeholder, int[] sizes, OnnxLayout layout)
    {
        var graph = new Graph();
        graph.SetRandomSeed(3);
        Tensor x = graph.Placeholder(DType.Float32, placeholder, "x");
        Tensor keep = graph.Placeholder(DType.Float32, Shape.Scalar, "keep");
        Tensor y = build(x);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        NDArray picture = TensorData.Of<float>(Recipe.Fill("picture", sizes.Aggregate(1L, (a, b) => a * b), -1, 1), sizes).ToNDArray();
        var constants = new Feeds { [keep] = 1f };
        NDArray expected = session.Run(y, new Feeds { [x] = picture, [keep] = 1f });
        using var folder = new TempFolder();
        session.ExportOnnx(folder["m.onnx"], [new("in", x)], [new("out", y)], constants, new OnnxExportOptions { Layout = layout });
        using var model = new OnnxRun(folder["m.onnx"]);
        bool first = layout == OnnxLayout.Nchw;
        long[] shape = first ? [sizes[0], sizes[3], sizes[1], sizes[2]] : [.. sizes.Select(size => (long)size)];
        (long[] Shape, float[] Values) found = model.Run("in", (first ? picture.transpose([0, 3, 1, 2]).copy() : picture).ToArray<float>(), shape)["out"];
        if (first && expected.ndim == 4) expected = expected.transpose([0, 3, 1, 2]).copy();
        GoldenTensor golden = GoldenTensor.Of<float>(expected.ToArray<float>(), NDArrays.DimsOf(expected));
        golden.AssertEqual(found.Values, [.. found.Shape.Select(size => (int)size)], Tolerance.OfLargest(golden, 1e-5));
    }

    private static Tensor RandomNet(Tensor x, Random random)
    {
        int layers = 1 + random.Next(5);
        for (int i = 0; i < layers; i++)
        {
            int height = x.Shape[1]!.Value, width = x.Shape[2]!.Value, channels = x.Shape[3]!.Value, kernel = 1 + random.Next(5);
            Padding padding = kernel > Math.Min(height, width) || random.Next(2) == 0 ? Padding.Same : Padding.Valid;
            int groups = channels % 2 == 0 && random.Next(2) == 0 ? 2 : 1;
            x = random.Next(4) switch
            {
                0 => x.MaxPool(kernel, 1 + random.Next(3), $"l{i}", padding),
                1 => x.Lrn(random.Next(4), 0.01f, 0.75f, $"l{i}"),
                _ => x.Conv(kernel, 2 * (1 + random.Next(4)), 1 + random.Next(3), $"l{i}", padding, random.Next(3), groups, random.Next(2) == 0),
            };
        }

        int count = x.Shape[1]!.Value * x.Shape[2]!.Value * x.Shape[3]!.Value;
        return random.Next(3) == 0 ? x : Nn.Softmax(ArrayOps.Reshape(x, [-1, count]).Fc(count, 3, "fc", x.Graph.GetTensor("keep:0"), relu: false));
    }

    private static Tensor Twice(Tensor x) => Nn.BiasAdd(x, Weights(x, 6)) * x;

    private static Tensor Flat(Tensor x) => ArrayOps.Reshape(x, [-1, 9 * 7 * 6]);

    private static Tensor Many(Tensor x) => MathOps.Exp(MathOps.Log(x) * 0.5f) + (MathOps.Sqrt(x) * MathOps.Rsqrt(x)) - MathOps.Reciprocal(x);

    private static Tensor Weights(Tensor x, params int[] shape) =>
        x.Graph.Constant(TensorData.Of<float>(Recipe.Fill("w" + shape.Length, shape, -1, 1), shape), "w");
}
