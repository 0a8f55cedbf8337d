using AlexNetTF.Execution;
using AlexNetTF.Testing;
using AlexNetTF.Tests.Kernels;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>Sessions whose fully connected layers read their weights as bytes.</summary>
public class EightBitProductsTests
{
    private const int Inputs = 512;
    private const int Outputs = 640;

    private static readonly SessionOptions s_options = new() { Precision = Precision.Int8 };

    private readonly Graph graph = new();
    private readonly Tensor x;
    private readonly Variable w;
    private readonly Tensor scores;

    public EightBitProductsTests()
    {
        x = graph.Placeholder(DType.Float32, new Shape(null, Inputs), "x");
        w = graph.GetVariable("w", Shape.Of([Inputs, Outputs]));
        Variable head = graph.GetVariable("head", Shape.Of([Outputs, 10]));
        scores = MathOps.MatMul(AlexNetTF.Nn.Relu(MathOps.MatMul(x, w.Value)), head.Value);
    }

    [Test]
    public void ScoresStayWithinTwoHundredthsOfTheirRange([Values(1, 5, 32)] int batch)
    {
        using Session exact = Open(new()), bytes = Open(s_options);
        float[] expected = exact.Run(scores, Feed(batch)).ToArray<float>(), found = bytes.Run(scores, Feed(batch)).ToArray<float>();
        Variants.AssertClose(found, Array.ConvertAll(expected, value => (double)value), 0.02, "scores");
        Assert.That(found, Is.Not.EqualTo(expected), "the weights are not those of the graph");
    }

    [Test]
    public void AnswersDoNotDependOnThreadsWidthOrBatch()
    {
        float[] Run(int batch, int threads)
        {
            using Session session = Open(s_options with { Threads = threads });
            return session.Run(scores, Feed(batch)).ToArray<float>();
        }

        float[] all = Variants.SameBits(0, threads => Run(32, threads), "32 rows");
        Variants.AssertSameBits(Run(1, 2), all.AsSpan(0, 10), "one row");
    }

    [Test]
    public void ChangedWeightsAreReadAnew()
    {
        using Session session = Open(s_options);
        float[] before = session.Run(scores, Feed(1)).ToArray<float>();
        w.Load(Numbers("w", -2, Inputs, Outputs), session);
        Variants.AssertClose(session.Run(scores, Feed(1)).ToArray<float>(), Array.ConvertAll(before, value => 2.0 * value), 1e-5, "doubled");
    }

    [Test]
    public void OnlyLargeProductsWithKeptWeightsAreRewritten()
    {
        Tensor turned = MathOps.MatMul(MathOps.MatMul(x, w.Value), w.Value, transposeB: true);
        Tensor constant = MathOps.MatMul(x, graph.Constant(Numbers("c", 1, Inputs, Outputs)));
        Tensor computed = MathOps.MatMul(x, w.Value * 2f);
        Operation train = new GradientDescentOptimizer(0.1f).Minimize(MathOps.Sum(MathOps.Square(scores)), [w]);
        using Session session = Open(s_options);

        Assert.Multiple(() =>
        {
            Assert.That(Products(scores), Is.EqualTo(new[] { "MatMul8+Relu", "MatMul" }));
            Assert.That(Products(turned), Is.EqualTo(new[] { "MatMul8", "MatMul" }));
            Assert.That(Products(constant), Is.EqualTo(new[] { "MatMul8" }));
            Assert.That(Products(computed), Is.EqualTo(new[] { "MatMul" }));
            Assert.That(Products(train), Is.Not.Empty.And.None.StartsWith("MatMul8"));
        });

        string[] Products(Fetch fetch) =>
            [.. ((ManagedEngine)session.Engine).Describe([fetch], Feed(3)).Split('\n').Select(line => line.Split(' ')[0]).Where(word => word.StartsWith("MatMul", StringComparison.Ordinal))];
    }

    private static NDArray Numbers(string name, float spread, params int[] dims) => TensorData.Of<float>(Recipe.Fill(name, dims, -spread, spread), dims).ToNDArray();

    private Feeds Feed(int batch) => new() { [x] = Numbers("x", 1, batch, Inputs) };

    private Session Open(SessionOptions options)
    {
        var session = new Session(graph, options);
        w.Load(Numbers("w", -1, Inputs, Outputs), session);
        foreach (Variable variable in graph.TrainableVariables().Where(variable => variable != w)) variable.Load(Numbers("head", 1, Outputs, 10), session);
        return session;
    }
}
