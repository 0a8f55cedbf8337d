using System.Text;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>Files are described, also those that hold no weights to load.</summary>
public sealed class InspectTests
{
    [Test]
    public void AnUnfrozenGraphShowsItsVariables([Values("unfrozen.pb", "unfrozen_shapes.pb", "unfrozen.meta")] string name)
    {
        FileContents contents = WeightFile.Inspect(Golden.FilePath("graphdef/" + name));
        string[] variables = [.. File.ReadLines(Golden.FilePath("graphdef/unfrozen.tsv")).Skip(1).Select(line => line.Split('\t')).Where(cells => cells[1] == "VariableV2").Select(cells => cells[0])];
        Assert.That(contents.Kind, Does.Contain(name.EndsWith("meta", StringComparison.Ordinal) ? "MetaGraphDef" : "GraphDef").And.Contain("variables"));
        Assert.That(contents.Entries.Select(entry => entry.Name), Is.EqualTo(variables));
        Assert.That(contents.Entries.All(entry => entry is { Type: "float32", Numbers: null }));
        Assert.That(contents.Notes, Has.Some.Contains("checkpoint"));
    }

    [Test]
    public void AFrozenGraphShowsItsWeights()
    {
        FileContents contents = WeightFile.Inspect(Golden.FilePath("graphdef/frozen.pb"));
        Assert.That(contents.Kind, Does.Contain("frozen"));
        Assert.That(contents.Entries.All(entry => entry.Numbers is not null));
    }

    [Test]
    public void AGraphAsTextIsKnown()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["g"], "node { name: \"v\" op: \"VariableV2\" attr { key: \"dtype\" value { type: DT_FLOAT } } attr { key: \"shape\" value { shape { dim { size: 3 } dim { size: -1 } } } } }");
        FileContents contents = WeightFile.Inspect(folder["g"]);
        Assert.That(contents.Entries.Single().Shape, Is.EqualTo((long?[])[3, null]));
    }

    [Test]
    public void AnEventFileShowsItsTags()
    {
        string path = EventFileReader.FindFiles(Golden.Folder("events/run")).Single();
        FileContents contents = WeightFile.Inspect(path);
        Assert.That(contents.Kind, Is.EqualTo("TensorFlow event file"));
        ILookup<string, LoggedEvent> expected = EventFileReader.Read(path).Where(logged => logged.Tag.Length > 0 && logged.Kind != LoggedEventKind.FileVersion).ToLookup(logged => logged.Tag);
        foreach (IGrouping<string, LoggedEvent> tag in expected)
        {
            FileContentsEntry entry = contents.Entries.Single(entry => entry.Name == tag.Key);
            Assert.That(entry.Shape[0], Is.EqualTo(tag.Count()), tag.Key);
            if (entry.Type == "scalar") Assert.That(entry.Numbers!.Value.Maximum, Is.EqualTo(tag.Max(logged => logged.Scalar)), tag.Key);
        }
    }

    [Test]
    public void AnEventFileCutShortShowsWhatStandsBefore()
    {
        byte[] bytes = File.ReadAllBytes(EventFileReader.FindFiles(Golden.Folder("events/run")).Single());
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], bytes[..^5]);
        FileContents contents = WeightFile.Inspect(folder["x"]);
        Assert.That(contents.Entries, Is.Not.Empty);
        Assert.That(contents.Notes, Has.One.Contains("cut off"));
    }

    [Test]
    public void ACheckpointShowsSumsOfEveryNumericTensor()
    {
        string folder = Golden.Folder("checkpoint/small");
        FileContents contents = WeightFile.Inspect(folder);
        Assert.That(contents.Kind, Is.EqualTo("TensorFlow checkpoint"));
        Assert.That(contents.Entries, Is.Not.Empty);
        Assert.That(contents.Entries.All(entry => entry.Numbers is { NonFinite: 0 }));
    }

    [Test]
    public void ASavedModelIsCalledSo()
    {
        using var folder = new TempFolder();
        byte[] graph = File.ReadAllBytes(Golden.FilePath("graphdef/unfrozen.meta"));
        File.WriteAllBytes(folder["saved_model.pb"], [.. Proto.Integer(1, 1), .. Proto.Bytes(2, graph)]);
        Assert.That(WeightFile.Inspect(folder.Path).Kind, Is.EqualTo("TensorFlow SavedModel with variables"));
        Directory.CreateDirectory(folder["variables"]);
        using (var writer = new CheckpointWriter(folder["variables/variables"]))
        {
            writer.Add<float>("conv1/weights", [1, 2, 3], 3);
            writer.Commit();
        }

        FileContents contents = WeightFile.Inspect(folder.Path);
        Assert.That(contents.Kind, Is.EqualTo("TensorFlow SavedModel"));
        Assert.That(contents.Entries.Single().Numbers!.Value.Sum, Is.EqualTo(6));
    }

    [Test]
    public void MatConvNetIsRefusedWithAConversion()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["imagenet-caffe-alex.mat"], [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, Platform: GLNXA64".PadRight(124)), 0, 1, .. "IM"u8, .. new byte[64]]);
        FileFormatException? error = Assert.Throws<FileFormatException>(() => WeightFile.Inspect(folder["imagenet-caffe-alex.mat"]));
        Assert.That(error!.Message, Does.Contain("MATLAB").And.Contain("scipy.io.loadmat"));
    }

    [TestCase("npy", "*.npy")]
    [TestCase("safetensors", "net.safetensors")]
    [TestCase("caffemodel", "v?_*.caffemodel")]
    [TestCase("onnx", "*-names.onnx")]
    [TestCase("pytorch", "tiny*.pth")]
    public void WeightFilesShowTheirEntries(string folder, string pattern)
    {
        foreach (string path in Directory.EnumerateFiles(Golden.Folder(folder), pattern))
        {
            using WeightSource source = WeightFile.Open(path);
            FileContents contents = WeightFile.Inspect(path);
            Assert.That(contents.Kind, Is.EqualTo(source.Kind));
            Assert.That(contents.Entries.Select(entry => (entry.Name, entry.Type, entry.Numbers)), Is.EqualTo(source.Entries.Select(entry => (entry.Name, entry.StoredType, (WeightStatistics?)source.Statistics(entry)))));
        }
    }
}
