using System.Text;
using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using Google.Protobuf;

namespace AlexNetTF.Tests.Formats;

/// <summary>Graphs that TensorFlow wrote, as bytes and as text: read, listed, written anew.</summary>
public sealed class GraphFileTests
{
    private static IEnumerable<TestCaseData> Texts() => Found("*.pbtxt");

    private static IEnumerable<TestCaseData> Binaries() => Found("*.pb", "*.meta");

    // Files with a listing of the same name beside them.
    private static IEnumerable<TestCaseData> Listed() =>
        Found("*.pbtxt", "*.pb", "*.meta").Where(file => file.Arguments[0] is not string path || File.Exists(Path.ChangeExtension(path, ".tsv")));

    [TestCaseSource(nameof(Texts))]
    public void Text_written_anew_has_the_same_bytes(string path) =>
        Assert.That(ProtoTextWriter.Write(GraphFile.Read(path).Graph), Is.EqualTo(File.ReadAllText(path)));

    [Test]
    public void Text_of_TensorFlow_2_written_anew_is_the_same()
    {
        int compared = 0;
        foreach (string path in Directory.GetFiles(Golden.Folder("random"), "*.json"))
        {
            if (Golden.ReadJson(path).Find("graphdef")?.GetString() is not { } text) continue;
            Assert.That(ProtoTextWriter.Write(GraphFile.Parse(Encoding.UTF8.GetBytes(text), path).Graph), Is.EqualTo(text), path);
            compared++;
        }

        if (compared == 0) Assert.Ignore("No case there holds a graph as text.");
    }

    [TestCaseSource(nameof(Texts))]
    public void Text_and_bytes_hold_the_same_graph(string path)
    {
        using var folder = new TempFolder();
        GraphDef graph = GraphFile.Read(path).Graph;
        GraphFile.Write(folder["graph.pb"], graph, asText: false);
        GraphFile.Write(folder["graph.txt"], graph, asText: true);
        Assert.That(GraphFile.Read(folder["graph.pb"]).Graph, Is.EqualTo(graph));
        Assert.That(GraphFile.Read(folder["graph.txt"]).Graph, Is.EqualTo(graph));
    }

    [TestCaseSource(nameof(Binaries))]
    public void Binary_files_hold_fields_that_are_all_known(string path)
    {
        GraphFile file = GraphFile.Read(path);
        Assert.That(file.Kind, Is.EqualTo(Path.GetExtension(path) == ".meta" ? GraphFileKind.MetaGraphDef : GraphFileKind.GraphDef));
        foreach (NodeDef node in file.Graph.Node)
        {
            NodeDef copy = NodeDef.Parser.WithDiscardUnknownFields(true).ParseFrom(node.ToByteArray());
            Assert.That(copy, Is.EqualTo(node), node.Name);
        }

        Assert.That(ProtoTextReader.Read(GraphDef.Parser, GraphDef.Descriptor, Encoding.UTF8.GetBytes(ProtoTextWriter.Write(file.Graph)), path), Is.EqualTo(file.Graph));
    }

    [TestCaseSource(nameof(Listed))]
    public void The_listing_is_the_one_beside_the_file(string path)
    {
        string[] expected = File.ReadAllLines(Path.ChangeExtension(path, ".tsv"));
        GraphFile file = GraphFile.Read(path);
        if (file.Kind == GraphFileKind.MetaGraphDef)
        {
            // The listing is that of the graph without the shapes, which a meta graph has in addition.
            foreach (NodeDef node in file.Graph.Node) node.Attr.Remove("_output_shapes");
        }

        string[] actual = NodeListing.Write(file.Graph).TrimEnd('\n').Split('\n');
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++) Assert.That(actual[i], Is.EqualTo(expected[i]));
    }

    [TestCaseSource(nameof(Binaries))]
    public void Every_constant_decodes_and_encodes_to_the_same_proto(string path)
    {
        foreach (NodeDef node in GraphFile.Read(path).Graph.Node.Where(node => node.Op == "Const"))
        {
            TensorProto tensor = node.Attr["value"].Tensor;
            Assert.That(TensorCodec.Encode(TensorCodec.Decode(tensor, path, node.Name)), Is.EqualTo(tensor), node.Name);
        }
    }

    [Test]
    public void What_surrounds_the_graph_is_what_TensorFlow_tells()
    {
        MetaGraphDef meta = GraphFile.Read(Golden.FilePath("graphdef/unfrozen.meta")).Meta!;
        JsonElement expected = Golden.Json("graphdef/unfrozen_meta.json");
        Assert.That(meta.MetaInfoDef.TensorflowVersion, Is.EqualTo(expected.Text("tensorflow_version")));
        Assert.That((meta.GraphDef.Versions.Producer, meta.GraphDef.Versions.MinConsumer), Is.EqualTo((expected.Int("producer"), expected.Int("min_consumer"))));
        Assert.That(meta.MetaInfoDef.StrippedOpList.Op.Select(op => op.Name), Is.EqualTo(expected.Get("stripped_ops").EnumerateArray().Select(op => op.GetString())));
        Assert.That(meta.MetaInfoDef.StrippedDefaultAttrs, Is.EqualTo(expected.Bool("stripped_default_attrs")));
        JsonElement saver = expected.Get("saver_def");
        Assert.That(meta.SaverDef, Is.EqualTo(new SaverDef
        {
            FilenameTensorName = saver.Text("filename_tensor_name"), SaveTensorName = saver.Text("save_tensor_name"), RestoreOpName = saver.Text("restore_op_name"),
            MaxToKeep = saver.Int("max_to_keep"), Sharded = saver.Bool("sharded"), KeepCheckpointEveryNHours = saver.Float("keep_checkpoint_every_n_hours"),
            Version = (SaverDef.Types.CheckpointFormatVersion)saver.Int("version"),
        }));
        foreach (JsonProperty collection in expected.Get("collections").EnumerateObject())
        {
            IEnumerable<string> names = meta.CollectionDef[collection.Name].BytesList.Value.Select(bytes => VariableDef.Parser.ParseFrom(bytes).VariableName);
            Assert.That(names, Is.EqualTo(collection.Value.EnumerateArray().Select(name => name.GetString())), collection.Name);
        }
    }

    [Test]
    public void A_SavedModel_gives_the_graph_for_serving()
    {
        using var folder = new TempFolder();
        MetaGraphDef Tagged(string tag) => new()
        {
            MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef { Tags = { tag } }, GraphDef = new GraphDef { Node = { new NodeDef { Name = tag, Op = "NoOp" } } },
        };
        var model = new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { Tagged("train"), Tagged("serve") } };
        foreach (bool asText in (bool[])[false, true])
        {
            GraphFile.Write(folder["saved_model"], model, asText);
            GraphFile read = GraphFile.Read(folder["saved_model"]);
            Assert.That((read.Kind, read.Graph.Node.Single().Name), Is.EqualTo((GraphFileKind.SavedModel, "serve")));
            GraphFile.Write(folder["meta"], model.MetaGraphs[0], asText);
            Assert.That((GraphFile.Read(folder["meta"]).Kind, GraphFile.Read(folder["meta"]).Graph.Node.Single().Name), Is.EqualTo((GraphFileKind.MetaGraphDef, "train")));
        }
    }

    [Test]
    public void A_byte_order_mark_before_the_text_is_skipped() =>
        Assert.That(GraphFile.Parse([0xef, 0xbb, 0xbf, .. "node { name: 'a' op: 'NoOp' }"u8], "x").Graph.Node.Single().Name, Is.EqualTo("a"));

    [TestCase("", "empty")]
    [TestCase("node { name: 'a' op: 'NoOp' } node { name: 'a' op: 'NoOp' }", "two nodes \"a\"")]
    [TestCase("node { name: ' a' op: 'NoOp' }", "no valid name")]
    [TestCase("node { name: 'a' }", "no valid op")]
    [TestCase("saved_model_schema_version: 1", "no graph")]
    [TestCase("saver_def { }", "no graph")]
    [TestCase("This is a letter.", "line 1, column 1")]
    public void Files_without_a_graph_are_refused(string content, string problem)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["x"], content);
        Assert.That(() => GraphFile.Read(folder["x"]), Throws.TypeOf<FileFormatException>().With.Message.Contains(problem).And.Message.Contains(folder["x"]));
    }

    [Test]
    public void Each_byte_changed_and_each_length_cut_is_refused_or_well_formed()
    {
        var graph = GraphFile.Read(Golden.FilePath("graphdef/unfrozen.pb")).Graph;
        var small = new GraphDef { Versions = graph.Versions, Node = { graph.Node.Take(4) } };
        foreach (byte[] original in (byte[][])[small.ToByteArray(), Encoding.UTF8.GetBytes(ProtoTextWriter.Write(small))])
        {
            int refused = 0;
            foreach ((string what, byte[] bytes) in Damage.Variants(original))
            {
                if (!Damage.Reads(what, () => NodeListing.Write(GraphFile.Parse(bytes, "graph").Graph))) refused++;
            }

            Assert.That(refused, Is.GreaterThan(original.Length));
        }
    }

    private static IEnumerable<TestCaseData> Found(params string[] patterns)
    {
        string[] roots = [Golden.Locate("graphdef"), Golden.Locate("names")];
        List<TestCaseData> found = [.. roots.Where(Directory.Exists)
            .SelectMany(root => patterns.SelectMany(pattern => Directory.GetFiles(root, pattern, SearchOption.AllDirectories))).Order(StringComparer.Ordinal)
            .Select(path => new TestCaseData(path).SetArgDisplayNames($"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}"))];
        return found.Count > 0 ? found : [new TestCaseData([null]).SetArgDisplayNames("absent").Ignore($"There is no {string.Join(", ", patterns)} below {string.Join(", ", roots)}.")];
    }
}
