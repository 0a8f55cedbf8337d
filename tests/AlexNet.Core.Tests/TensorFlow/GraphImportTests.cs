using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using Google.Protobuf;
using NumSharp;

namespace AlexNetTF.Tests.Formats;

/// <summary>TensorFlow's graphs taken into a graph of this library, run, frozen and given out again.</summary>
public sealed class GraphImportTests
{
    private static IEnumerable<TestCaseData> Files() => ((string[])["graphdef", "names"]).SelectMany(folder =>
        ((string[])["*.pb", "*.meta", "*.pbtxt"]).SelectMany(pattern => Directory.EnumerateFiles(Golden.Locate(folder), pattern, SearchOption.AllDirectories)))
        .Order(StringComparer.Ordinal).Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(path)));

    private static IEnumerable<TestCaseData> Listings() => Directory.EnumerateFiles(Golden.Locate("names"), "*.tsv", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetRelativePath(Golden.Locate("names"), path)));

    private static IEnumerable<TestCaseData> Frozen() => Golden.Files("graphdef", "frozen*.pb");

    [TestCaseSource(nameof(Files))]
    public void What_is_taken_in_is_given_out_the_same(string path)
    {
        GraphDef expected = GraphFile.Read(path).Graph;
        var graph = new Graph();
        graph.ImportGraphDef(path);
        GraphDef actual = GraphDef.Parser.ParseFrom(graph.ToGraphDef());
        Dictionary<string, NodeDef> byName = actual.Node.ToDictionary(node => node.Name);
        Assert.That(actual.Node, Has.Count.EqualTo(expected.Node.Count));
        foreach (NodeDef node in expected.Node)
        {
            // Notes, and attributes that another version has in addition, hold their neutral values.
            NodeDef own = byName[node.Name];
            foreach (string name in node.Attr.Keys.Where(name => !own.Attr.ContainsKey(name)).ToArray()) node.Attr.Remove(name);
            Assert.That(own, Is.EqualTo(node), node.Name);
        }
    }

    [TestCaseSource(nameof(Listings))]
    public void Graphs_of_all_versions_are_taken_in(string path)
    {
        GraphDef listed = ListedGraph.Read(path);
        var graph = new Graph();
        graph.ImportGraphDef(listed.ToByteArray());
        Assert.That(graph.Operations.Select(op => op.Name), Is.EquivalentTo(listed.Node.Select(node => node.Name)));
        Dictionary<string, string> lines = GraphDefWriter.Write(graph).Node.ToDictionary(node => node.Name, NodeListing.Line);
        if (!path.Contains("tf1.15.5", StringComparison.Ordinal)) return;
        foreach (string line in File.ReadLines(path).Skip(1)) Assert.That(lines[line.Split('\t')[0]], Is.EqualTo(line));
    }

    [TestCaseSource(nameof(Frozen))]
    public void A_frozen_network_of_TensorFlow_gives_its_numbers(string path)
    {
        JsonElement expected = Golden.Json("graphdef/expected.json");
        var graph = new Graph();
        graph.ImportGraphDef(path);
        using var session = new Session(graph);
        Check(session, expected);
    }

    [Test]
    public void A_frozen_session_gives_the_same_numbers_from_a_file()
    {
        JsonElement expected = Golden.Json("graphdef/expected.json");
        using var folder = new TempFolder();
        var graph = new Graph();
        graph.ImportGraphDef(Golden.FilePath("graphdef/unfrozen.pb"));
        using (var session = new Session(graph))
        {
            foreach (JsonProperty weight in expected.Get("weights").EnumerateObject())
            {
                int[] shape = [.. weight.Value.Get("shape").EnumerateArray().Select(size => size.GetInt32())];
                Assign(session, weight.Name, Recipe.Fill(weight.Value.Text("recipe_name"), shape, weight.Value.Get("lo").GetDouble(), weight.Value.Get("hi").GetDouble()), shape);
            }

            Graph frozen = session.Freeze(graph.GetTensor(expected.Text("output_node")));
            Assert.That(frozen.Operations.Any(op => op.Type == "VariableV2"), Is.False);
            frozen.Save(folder["frozen.pb"]);
            frozen.Save(folder["frozen.pbtxt"]);
        }

        foreach (string name in (string[])["frozen.pb", "frozen.pbtxt"])
        {
            var read = new Graph();
            read.ImportGraphDef(folder[name]);
            using var session = new Session(read);
            Check(session, expected);
        }
    }

    [Test]
    public void A_prefix_an_input_and_what_is_asked_for()
    {
        var source = new Graph();
        Tensor x = source.Placeholder(DType.Float32, new Shape(2), "x");
        using (source.Device("/gpu:0")) MathOps.Mul(x, 3f, "y");
        var graph = new Graph();
        Tensor two = graph.Constant(new[] { 1f, 2f }, "two");
        byte[] bytes = source.ToGraphDef();
        IReadOnlyList<Fetch> got = graph.ImportGraphDef(bytes, "net", new Dictionary<string, Tensor> { ["x:0"] = two }, ["y:0", "y"]);
        graph.ImportGraphDef(bytes, "net");
        using var session = new Session(graph);
        Assert.That(session.Run(got[0].Tensor!).ToArray<float>(), Is.EqualTo(new[] { 3f, 6f }));
        Assert.That((got[1].Operation!.Name, got[1].Operation!.Device), Is.EqualTo(("net/y", "/device:GPU:0")));
        Assert.That(graph.HasOperation("net_1/y"), Is.True);
    }

    [Test]
    public void Nodes_may_come_in_any_order()
    {
        var source = new Graph();
        Tensor x = source.Constant(new[] { 1f }, "x");
        for (int i = 0; i < 20000; i++) x = ArrayOps.Identity(x);
        GraphDef message = GraphDefWriter.Write(source);
        NodeDef[] nodes = [.. message.Node.Reverse()];
        message.Node.Clear();
        message.Node.AddRange(nodes);
        var graph = new Graph();
        graph.ImportGraphDef(message.ToByteArray());
        Assert.That(graph.Operations, Has.Count.EqualTo(20001));
    }

    [TestCase("node { name: 'a' op: 'Frobnicate' }", "\"a\" (op Frobnicate)")]
    [TestCase("node { name: 'a' op: 'Relu' input: 'b' }", "takes \"b\"")]
    [TestCase("node { name: 'a' op: 'Relu' input: 'a' }", "depends on itself")]
    [TestCase("node { name: 'a' op: 'NoOp' input: '^b' } node { name: 'b' op: 'NoOp' input: '^a' }", "depends on itself")]
    [TestCase("node { name: 'a' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } } node { name: 'b' op: 'Relu' input: 'a' input: 'a' }", "takes 1")]
    [TestCase("node { name: 'a' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } } node { name: 'b' op: 'Relu' input: 'a:1' }", "beyond")]
    [TestCase("node { name: 'a' op: 'Placeholder' attr { key: 'dtype' value { type: DT_HALF } } }", "float16")]
    [TestCase("node { name: 'a' op: 'Placeholder' }", "lacks the attribute dtype")]
    [TestCase("node { name: 'a' op: 'Placeholder' attr { key: 'dtype' value { type: DT_FLOAT } } } node { name: 'b' op: 'Relu' input: 'a' attr { key: 'T' value { type: DT_INT32 } } }", "attribute T")]
    [TestCase("node { name: 'a' op: 'NoOp' attr { key: 'depth' value { i: 3 } } }", "not known")]
    public void A_graph_that_cannot_run_here_is_refused_whole(string text, string problem)
    {
        var graph = new Graph();
        Assert.That(() => graph.ImportGraphDef(System.Text.Encoding.UTF8.GetBytes(text)), Throws.InstanceOf<FileFormatException>().With.Message.Contains(problem));
        Assert.That(graph.Operations, Is.Empty);
        Assert.That(graph.UniqueName("a"), Is.EqualTo("a"));
    }

    [Test]
    public void Damage_is_refused_or_leaves_a_graph()
    {
        var source = new Graph();
        Tensor x = source.Placeholder(DType.Float32, new Shape(null, 6, 6, 3), "x");
        Variable w = source.GetVariable("w", new Shape(3, 3, 3, 2), initializer: Initializer.Zeros);
        Nn.MaxPool(Nn.Conv2D(x, w, [1, 1, 1, 1], Padding.Same), [1, 2, 2, 1], [1, 2, 2, 1], Padding.Valid, "y");
        byte[] bytes = source.ToGraphDef();
        int read = 0;
        foreach ((string what, byte[] damaged) in Damage.Variants(bytes))
        {
            if (Damage.Reads(what, () => new Graph().ImportGraphDef(damaged))) read++;
        }

        Assert.That(read, Is.GreaterThan(0));
    }

    [Test]
    public void Every_op_of_the_library_can_be_taken_in()
    {
        string[] known = [.. OpFactory.Types.Select(type => type.ToUpperInvariant())];
        IEnumerable<string> own = typeof(OpDef).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(OpDef)) && type is { IsAbstract: false, Namespace: "AlexNetTF" })
            .Select(type => type.Name[..^"Op".Length].ToUpperInvariant());
        Assert.That(own.Except(known), Is.Empty);
    }

    private static void Assign(Session session, string name, float[] values, int[] shape)
    {
        Graph graph = session.Graph;
        var value = new NDArray(values).reshape(shape);
        session.Run(StateOps.Assign(graph.GetTensor(name), value).Op);
    }

    private static void Check(Session session, JsonElement expected)
    {
        JsonElement input = expected.Get("input");
        int[] shape = [.. input.Get("shape").EnumerateArray().Select(size => size.GetInt32())];
        NDArray x = new NDArray(Recipe.Fill(input.Text("recipe_name"), shape, input.Get("lo").GetDouble(), input.Get("hi").GetDouble())).reshape(shape);
        float[] actual = session.Run(session.Graph.GetTensor(expected.Text("output_node")), new Feeds { [session.Graph.GetTensor(expected.Text("input_node"))] = x }).ToArray<float>();
        float[] wanted = [.. expected.Get("prob").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(item => (float)item.GetDouble())];
        Assert.That(actual, Is.EqualTo(wanted).Within(1e-5f * wanted.Max()));
    }
}
