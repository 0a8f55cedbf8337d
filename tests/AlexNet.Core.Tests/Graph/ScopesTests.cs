using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Graphs;

/// <summary>Names, name scopes, variable scopes and variables as in TensorFlow 1.15.5: its steps replayed, outcome by outcome.</summary>
public class ScopesTests
{
    // The version that this library follows; files of other versions show where they differ.
    private const string Version = "1.15.";

    public sealed record GradientGraph(string Name, JsonElement Nodes);

    private static IEnumerable<TestCaseData> Cases => Entries(root => root.Get("cases").EnumerateObject().Select(entry => (entry.Name, (object)entry.Value)));

    private static IEnumerable<TestCaseData> GradientGraphs => Entries(root => root.Find("gradient_graphs") is { } graphs
        ? graphs.EnumerateObject().Select(entry => (entry.Name, (object)new GradientGraph(entry.Name, entry.Value)))
        : [("none", new GradientGraph("none", default))]);

    private static IEnumerable<TestCaseData> Entries(Func<JsonElement, IEnumerable<(string Name, object Argument)>> entries)
    {
        string folder = Golden.Locate("scopes");
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Where(path => Golden.ReadJson(path).Text("tensorflow").StartsWith(Version, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [Path.Combine(folder, "absent.json")];
        return files.Length > 0
            ? files.SelectMany(path => Golden.Entries(Path.Combine("scopes", Path.GetFileName(path)), entries))
            : throw new InvalidDataException($"{folder} holds no file of TensorFlow {Version}x.");
    }

    [TestCaseSource(nameof(Cases))]
    public void StepsEndAsInTensorFlow(JsonElement golden)
    {
        var replay = new ScopeReplay();
        int number = 0;
        foreach (JsonElement step in golden.Get("steps").EnumerateArray())
        {
            string what = $"step {number++}: {step}";
            if (step.Has("error"))
            {
                Assert.That(() => replay.Do(step), Throws.InstanceOf<GraphException>(), what);
            }
            else if (replay.Do(step) is { } result)
            {
                Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(result).RootElement, step.Get("result")), Is.True, $"{what}; here {result}");
            }
        }

        string[] expected = [.. golden.Get("nodes").EnumerateArray().Select(node => node.GetString()!).Where(node => !replay.LeftOut.Any(name => node == name || node.StartsWith(name + "/", StringComparison.Ordinal)))];
        Assert.That(replay.Graph.Operations.Select(op => op.Name), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(GradientGraphs))]
    public void GradientNodesAreTensorFlows(GradientGraph golden)
    {
        if (!SmallGradientGraphs.All.TryGetValue(golden.Name, out Action<Graph>? build))
        {
            Assert.Fail($"No program here builds the graph '{golden.Name}'.");
            return;
        }

        var graph = new Graph();
        build(graph);

        string[] expected = [.. golden.Nodes.EnumerateArray().Select(Line)];
        string[] actual = [.. graph.Operations.Select(op => GraphListing.Line(op))];
        for (int i = 0; i < Math.Min(expected.Length, actual.Length); i++) Assert.That(actual[i], Is.EqualTo(expected[i]), $"node {i}");
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
    }

    private static string Line(JsonElement node) => string.Join(
        '\t',
        node.Text("name"),
        node.Text("op"),
        string.Join(' ', node.Get("inputs").EnumerateArray().Select(input => input.GetString())),
        string.Join(' ', node.Get("control").EnumerateArray().Select(input => input.GetString()!).Order(StringComparer.Ordinal)),
        node.Text("device", ""),
        node.Text("attrs"));
}

/// <summary>The programs that the golden gradient graphs were made by.</summary>
internal static class SmallGradientGraphs
{
    public static IReadOnlyDictionary<string, Action<Graph>> All { get; } = new Dictionary<string, Action<Graph>>
    {
        ["two_calls"] = TwoCalls,
        ["shared_input"] = SharedInput,
        ["scoped"] = Scoped,
        ["conv_block"] = ConvBlock,
        ["unknown_batch"] = UnknownBatch,
    };

    private static void TwoCalls(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 3), "x");
        Variable w = graph.GetVariable("w", new Shape(3, 4));
        Tensor y = MathOps.MatMul(x, w, name: "y");
        Gradients.Compute([y], [w.Reference]);
        Gradients.Compute([y], [w.Reference]);
        Gradients.Compute([y], [w.Reference], name: "mine");
    }

    private static void SharedInput(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 2), "x");
        Tensor a = Nn.Relu(x, "a"), b = MathOps.Mul(x, x, "b");
        Gradients.Compute(MathOps.Sum(MathOps.Add(a, b, "s"), name: "total"), x);
    }

    private static void Scoped(Graph graph)
    {
        using NameScope train = graph.NameScope("train");
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 3), "x");
        Variable w = graph.GetVariable("fc/w", new Shape(3, 1)), b = graph.GetVariable("fc/b", new Shape(1));
        Tensor loss = MathOps.Mean(MathOps.Square(Nn.XwPlusB(x, w, b, "fc")), name: "loss");
        new GradientDescentOptimizer(0.1f).Minimize(loss);
    }

    private static void ConvBlock(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 8, 8, 4), "x");
        Variable w = graph.GetVariable("w", new Shape(3, 3, 2, 6)), b = graph.GetVariable("b", new Shape(6));
        IReadOnlyList<Tensor> inputs = ArrayOps.Split(x, 2, 3), filters = ArrayOps.Split(w, 2, 3);
        Tensor joined = ArrayOps.Concat([.. inputs.Zip(filters, (part, filter) => Nn.Conv2D(part, filter, [1, 1, 1, 1], Padding.Same))], 3);
        Tensor pool = Nn.MaxPool(Nn.Relu(Nn.BiasAdd(joined, b)), [1, 3, 3, 1], [1, 2, 2, 1], Padding.Valid, name: "pool");
        Tensor loss = MathOps.Sum(Nn.Lrn(pool, 2, alpha: 2e-5f, beta: 0.75f, name: "norm"));
        Gradients.Compute([loss], [x, w.Reference, b.Reference]);
    }

    private static void UnknownBatch(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 4), "x"), y = graph.Placeholder(DType.Float32, new Shape(null, 2), "y");
        Variable w = graph.GetVariable("w", new Shape(4, 2));
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogitsV2(y, MathOps.MatMul(x, w)));
        Gradients.Compute([loss], [w.Reference]);
    }
}
