using NumSharp;
using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Ops.Nn;

public class SoftmaxTests
{
    [Test]
    public void RowsAreExponentialsOverTheirSum([Values(1, 2, 3, 5, 10, 1000)] int classes, [Values] bool wide)
    {
        int[] dims = wide ? [2, 3, classes] : [3, classes];
        float[] x = Array.ConvertAll(OpRun.Floats("softmax", dims), value => 20 * value);
        double[] softmax = Rows(x, classes, (row, sum) => row.Select(value => Math.Exp(value - row.Max()) / sum));
        double[] logs = Rows(x, classes, (row, sum) => row.Select(value => value - row.Max() - Math.Log(sum)));

        OpRun.AssertClose(OpRun.Run(t => NN.Softmax(t[0]), OpRun.Of(x, dims)), softmax, dims, 1e-6, "softmax");
        OpRun.AssertClose(OpRun.Run(t => NN.LogSoftmax(t[0]), OpRun.Of(x, dims)), logs, dims, 1e-6, "log softmax");
        NDArray doubles = OpRun.Of(Array.ConvertAll(x, value => (double)value), dims);
        OpRun.AssertClose(OpRun.Run(t => NN.Softmax(t[0]), doubles), softmax, dims, 1e-14, "softmax in double");
        OpRun.AssertClose(OpRun.Run(t => NN.LogSoftmax(t[0]), doubles), logs, dims, 1e-14, "log softmax in double");
    }

    [Test]
    public void GradientsFollowDifferences()
    {
        NDArray x = OpRun.Of(OpRun.Doubles("x", 2, 3, 4), 2, 3, 4);
        GradientCheck.Check(t => NN.Softmax(t[0]), [x], "softmax");
        GradientCheck.Check(t => NN.LogSoftmax(t[0]), [x], "log softmax");
    }

    [Test]
    public void ScalarAndIntegersAreRefused()
    {
        var graph = new Graph();
        Assert.That(() => NN.Softmax(graph.Placeholder(DType.Float32, Shape.Scalar)), Throws.TypeOf<GraphException>().With.Message.Contain("scalar"));
        Assert.That(() => NN.Softmax(graph.Placeholder(DType.Int32, new Shape(2, 2))), Throws.TypeOf<GraphException>().With.Message.Contain("int32"));
    }

    [Test]
    public void CrossEntropyIsItsDefinition([Values(2, 5, 40)] int classes)
    {
        int[] dims = [4, classes];
        float[] logits = Array.ConvertAll(OpRun.Floats("logits", dims), value => 5 * value), labels = OpRun.Floats("labels", dims);
        var expected = new double[4];
        double[] logs = Rows(logits, classes, (row, sum) => row.Select(value => value - row.Max() - Math.Log(sum)));
        for (int i = 0; i < logs.Length; i++) expected[i / classes] -= labels[i] * logs[i];

        NDArray loss = OpRun.Run(t => NN.SoftmaxCrossEntropyWithLogits(t[1], t[0]), OpRun.Of(logits, dims), OpRun.Of(labels, dims));

        OpRun.AssertClose(loss, expected, [4], 1e-6, "loss");
    }

    [Test]
    public void SparseCrossEntropyIsThatOfOneHotRows([Values] bool wide, [Values] bool known)
    {
        int[] dims = wide ? [2, 3, 5] : [6, 5], rows = dims[..^1];
        NDArray logits = OpRun.Of(OpRun.Floats("logits", dims), dims);
        long[] classes = [0, 4, 2, 1, 3, 3];
        var hot = new float[30];
        for (int i = 0; i < 6; i++) hot[(i * 5) + (int)classes[i]] = 1;
        float[] expected = OpRun.Run(t => NN.SoftmaxCrossEntropyWithLogits(t[1], t[0]), logits, OpRun.Of(hot, dims)).ToArray<float>();

        NDArray loss = OpRun.Run(t => [NN.SparseSoftmaxCrossEntropyWithLogits(t[1], t[0])], [logits, OpRun.Of(classes, rows)], known: known)[0];

        OpRun.AssertClose(loss, Array.ConvertAll(expected, value => (double)value), rows, 1e-6, "loss");
    }

    [Test]
    public void SizesOfOneAreRepeated()
    {
        float[] logits = OpRun.Floats("logits", 3, 4), labels = OpRun.Floats("labels", 1, 4);
        float[] repeated = [.. labels, .. labels, .. labels];
        Func<Tensor[], Tensor[]> build = t => [.. t[0].Graph.AddOperation(new SoftmaxCrossEntropyWithLogitsOp(), t).Outputs];
        NDArray[] found = OpRun.Run(build, [OpRun.Of(logits, 3, 4), OpRun.Of(labels, 1, 4)]);
        NDArray[] expected = OpRun.Run(build, [OpRun.Of(logits, 3, 4), OpRun.Of(repeated, 3, 4)]);
        Assert.That(found[0].ToArray<float>(), Is.EqualTo(expected[0].ToArray<float>()));
        Assert.That(found[1].ToArray<float>(), Is.EqualTo(expected[1].ToArray<float>()));
        NDArray[] wide = OpRun.Run(build, [OpRun.Of(logits, 3, 4), OpRun.Of(new[] { 0.5f, 1, 2 }, 3, 1)]);
        Assert.That(OpRun.Dims(wide[1]), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(wide[1].ToArray<float>()[..4].Sum(), Is.EqualTo(1 - (4 * 0.5f)).Within(1e-6));
    }

    [Test]
    public void CrossEntropyGradientsFollowDifferences()
    {
        // As in TensorFlow the gradient takes rows of labels to sum to 1.
        double[] shares = [.. OpRun.Doubles("labels", 3, 4).Chunk(4).SelectMany(row => row.Select(value => (value + 2) / row.Sum(each => each + 2)))];
        NDArray logits = OpRun.Of(OpRun.Doubles("logits", 3, 4), 3, 4), labels = OpRun.Of(shares, 3, 4);
        CheckWhole(t => NN.SoftmaxCrossEntropyWithLogitsV2(t[1], t[0]), [logits, labels], [0, 1]);
        CheckWhole(t => NN.SoftmaxCrossEntropyWithLogits(t[1], t[0]), [logits, labels], [0]);
        CheckWhole(t => NN.SparseSoftmaxCrossEntropyWithLogits(t[1], t[0]), [logits, OpRun.Of([3, 0, 2], 3)], [0]);
    }

    [Test]
    public void SecondDerivativeOfTheCrossEntropyFollowsDifferences()
    {
        NDArray logits = OpRun.Of(OpRun.Doubles("logits", 2, 3), 2, 3), labels = OpRun.Of(OpRun.Doubles("labels", 2, 3), 2, 3);
        CheckWhole(t => Gradients.Compute([NN.SoftmaxCrossEntropyWithLogits(t[1], t[0])], [t[0]])[0]!, [logits, labels], [0], 1e-6);
    }

    [Test]
    public void SecondDerivativeOfTheSparseOneIsRefused()
    {
        var graph = new Graph();
        Tensor logits = graph.Placeholder(DType.Float32, new Shape(2, 3)), labels = graph.Placeholder(DType.Int32, new Shape(2));
        Tensor first = Gradients.Compute([NN.SparseSoftmaxCrossEntropyWithLogits(labels, logits)], [logits])[0]!;
        Assert.That(() => Gradients.Compute([first], [logits]), Throws.TypeOf<GraphException>().With.Message.Contain("second derivative"));
    }

    [Test]
    public void OneHotLabelsAsClassNumbersAreRefusedWithTheRemedy()
    {
        var graph = new Graph();
        Tensor logits = graph.Placeholder(DType.Float32, new Shape(2, 3)), labels = graph.Placeholder(DType.Int32, new Shape(2, 3));
        Assert.That(
            () => NN.SparseSoftmaxCrossEntropyWithLogits(labels, logits),
            Throws.TypeOf<GraphException>().With.Message.Contain("[2]").And.Message.Contain("[2,3]").And.Message.Contain("SoftmaxCrossEntropyWithLogits"));
    }

    [Test]
    public void LabelOutOfRangeIsNamedInTheRun()
    {
        RunException error = Assert.Throws<RunException>(() => OpRun.Run(
            t => NN.SparseSoftmaxCrossEntropyWithLogits(t[1], t[0], "loss"), OpRun.Of(new float[6], 2, 3), OpRun.Of([0, 3], 2)))!;
        Assert.That(error.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
        Assert.That(error.Message, Does.Contain("label 3 of row 1").And.Contain("0 to 2"));
    }

    // Gradients through all of a function's ops, by the gradient engine.
    private static void CheckWhole(Func<Tensor[], Tensor> build, NDArray[] inputs, int[] varied, double tolerance = 1e-7)
    {
        var graph = new Graph();
        Tensor[] xs = [.. inputs.Select((input, i) => OpRun.Placeholder(graph, input, $"in{i}"))];
        Tensor y = build(xs);
        int[] dims = y.Shape.ToArray();
        double[] weights = OpRun.Doubles("weights", dims);
        Tensor dy = graph.Constant(OpRun.Of(weights, dims));
        Tensor?[] gradients = Gradients.Compute([y], [.. varied.Select(i => xs[i])], [dy]);
        using var session = new Session(graph);
        for (int i = 0; i < varied.Length; i++)
        {
            double[] numeric = GradientCheck.Differences(session, y, xs, inputs, varied[i], weights);
            OpRun.AssertClose(session.Run(gradients[i]!, OpRun.FeedsOf(xs, inputs)), numeric, NDArrays.DimsOf(inputs[varied[i]]), tolerance, $"gradient of input {varied[i]}");
        }
    }

    private static double[] Rows(float[] x, int classes, Func<double[], double, IEnumerable<double>> map) =>
        [.. x.Select(value => (double)value).Chunk(classes).SelectMany(row => map(row, row.Sum(value => Math.Exp(value - row.Max()))))];
}
