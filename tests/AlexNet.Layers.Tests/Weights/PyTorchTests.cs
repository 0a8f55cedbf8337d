using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class PyTorchTests
{
    private static IEnumerable<TestCaseData> Valid() => Golden.Entries("pytorch/manifest.json", root =>
        root.Get("valid").EnumerateArray().Select(file => (file.Text("file"), (object)file)));

    private static IEnumerable<TestCaseData> Refused() => Golden.Entries("pytorch/manifest.json", root =>
        root.Get("refused").EnumerateArray().Select(file => (file.GetString()!, (object)file.GetString()!)));

    [TestCaseSource(nameof(Valid))]
    public void Reads_what_PyTorch_saved(JsonElement file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("pytorch/" + file.Text("file")));
        Assert.That(source.Entries.Select(entry => entry.StoredName), Is.EqualTo(file.Get("entries").EnumerateObject().Select(entry => entry.Name)));
        foreach (JsonProperty expected in file.Get("entries").EnumerateObject())
        {
            WeightEntry entry = source.Entries.Single(entry => entry.StoredName == expected.Name);
            float[] stored = new float[entry.Count];
            source.ReadStoredInto(entry, stored);
            float[] first = [.. expected.Value.Get("data").EnumerateArray().Select(value => value.AsFloat())];
            Assert.That(entry.StoredShape, Is.EqualTo(expected.Value.Ints("shape").Select(d => (long)d)), entry.StoredName);
            Assert.That(entry.StoredType, Is.EqualTo(file.Text("dtype")), entry.StoredName);
            Assert.That(stored.Take(first.Length), Is.EqualTo(first).Within(1e-8f), entry.StoredName);
            Assert.That(stored.Sum(value => (double)value), Is.EqualTo(expected.Value.Double("sum")).Within(1e-5), entry.StoredName);
            Assert.That(source.Statistics(entry).Sum, Is.EqualTo(expected.Value.Double("sum")).Within(1e-5), entry.StoredName);
        }
    }

    [TestCaseSource(nameof(Valid))]
    public void Torchvisions_names_become_layers_in_TensorFlow_layout(JsonElement file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("pytorch/" + file.Text("file")));
        string[] layers = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"];
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(layers.SelectMany(layer => (string[])[layer + "/weights", layer + "/biases"])));
        Assert.That(source.Hints.Topology, Is.EqualTo("OneWeirdTrick"));

        long channels = source.Entries.Single(entry => entry.Name == "conv5/biases").Count;
        foreach (WeightEntry entry in source.Entries)
        {
            float[] stored = new float[entry.Count];
            source.ReadStoredInto(entry, stored);
            float[] expected = entry.StoredShape.Count switch
            {
                4 => Filter(stored, entry.StoredShape),
                2 => Dense(stored, entry.StoredShape, entry.Layer == "fc6" ? channels : 1),
                _ => stored,
            };
            Assert.That(source.Read(entry), Is.EqualTo(expected), entry.Name);
            Assert.That(entry.Shape, Is.EqualTo(entry.StoredShape.Count == 4
                ? [entry.StoredShape[2], entry.StoredShape[3], entry.StoredShape[1], entry.StoredShape[0]]
                : entry.StoredShape.Reverse()), entry.Name);
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_code_and_damage(string file)
    {
        string path = Golden.FilePath("pytorch/" + file);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(path).Dispose())!.Message, Does.Contain(path).And.Contain("at byte"));
    }

    [Test]
    public void Of_a_whole_checkpoint_the_model_is_taken()
    {
        using var folder = new TempFolder();
        TorchFile.Save(folder["x"], TorchFile.Dictionary(
            ("epoch", "K\x07"),
            ("optimizer", TorchFile.Dictionary(("state", TorchFile.Dictionary(("exp_avg", TorchFile.Tensor("0")))))),
            ("model", TorchFile.Dictionary(("conv1.weight", TorchFile.Tensor("0")))),
            ("ema", TorchFile.Dictionary(("conv1.weight", TorchFile.Tensor("0"))))));
        using WeightSource source = WeightFile.Open(folder["x"]);
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EqualTo((string[])["conv1/weights"]));
    }

    [Test]
    public void Two_models_without_a_usual_name_are_refused()
    {
        using var folder = new TempFolder();
        TorchFile.Save(folder["x"], TorchFile.Dictionary(("teacher", TorchFile.Dictionary(("a.weight", TorchFile.Tensor("0")))), ("student", TorchFile.Dictionary(("a.weight", TorchFile.Tensor("0"))))));
        Assert.That(
            Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message,
            Does.Contain("'teacher'").And.Contain("'student'"));
    }

    [TestCase("K\x01", "(K\x02t", "(K\x01t", "leaves its storage")]
    [TestCase("K\x00", "(K\x03t", "(K\x01t", "leaves its storage")]
    [TestCase("K\x00", "(K\x02t", "(J\xff\xff\xff\xfft", "leaves its storage")]
    [TestCase("J\xff\xff\xff\xff", "(K\x01t", "(K\x01t", "leaves its storage")]
    [TestCase("K\x00", "(J\xff\xff\xff\xfft", "(K\x01t", "impossible shape")]
    [TestCase("K\x00", "(K\x03t", "(K\x00t", "repeats its")]
    public void Views_outside_their_storage_are_refused(string offset, string size, string stride, string reason)
    {
        using var folder = new TempFolder();
        TorchFile.Save(folder["x"], TorchFile.Dictionary(("a.weight", TorchFile.Tensor("0", offset, size, stride))));
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain(reason));
    }

    [Test]
    public void A_storage_that_is_missing_is_named()
    {
        using var folder = new TempFolder();
        TorchFile.Save(folder["x"], TorchFile.Dictionary(("a.weight", TorchFile.Tensor("1"))));
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain("'a.weight'").And.Contain("storage '1'"));
    }

    [Test]
    public void TorchScript_is_refused_with_the_remedy()
    {
        using var folder = new TempFolder();
        TorchFile.Save(folder["x"], TorchFile.Dictionary(("a.weight", TorchFile.Tensor("0"))), ("x/code/__torch__.py", "pass"u8.ToArray()));
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain("state_dict"));
    }

    private static float[] Filter(float[] oihw, IReadOnlyList<long> shape)
    {
        float[] hwio = new float[oihw.Length];
        (int o, int i, int h, int w) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        for (int at = 0; at < oihw.Length; at++)
        {
            int x = at % w, y = at / w % h, input = at / (w * h) % i, output = at / (w * h * i);
            hwio[(((((y * w) + x) * i) + input) * o) + output] = oihw[at];
        }

        return hwio;
    }

    private static float[] Dense(float[] stored, IReadOnlyList<long> shape, long channels)
    {
        float[] rows = new float[stored.Length];
        long inputs = shape[1], outputs = shape[0], positions = inputs / channels;
        for (long at = 0; at < stored.Length; at++)
        {
            long column = at % inputs, row = channels == 1 ? column : (column % positions * channels) + (column / positions);
            rows[(row * outputs) + (at / inputs)] = stored[at];
        }

        return rows;
    }
}
