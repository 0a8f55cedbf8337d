using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class OnnxTests
{
    private static readonly Lazy<JsonElement> Manifest = new(() => Golden.Json("onnx/manifest.json"));

    private static IEnumerable<TestCaseData> Valid() => Golden.Entries("onnx/manifest.json", root =>
        root.Get("valid").EnumerateArray().Select(file => (file.Text("file"), (object)file)));

    private static IEnumerable<TestCaseData> Refused() => Golden.Entries("onnx/manifest.json", root =>
        root.Get("refused").EnumerateArray().Select(file => (file.GetString()!, (object)file.GetString()!)));

    [TestCaseSource(nameof(Valid))]
    public void Reads_every_form_in_TensorFlow_layout(JsonElement file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("onnx/" + file.Text("file")));
        bool isHalf = source.Entries.All(entry => entry.StoredType == "float16");
        foreach (JsonProperty layer in Manifest.Value.Get("expected_in_tensorflow_layout").EnumerateObject())
        {
            foreach (JsonProperty parameter in layer.Value.EnumerateObject())
            {
                WeightEntry entry = source.Entries.Single(entry => entry.Name == $"{layer.Name}/{parameter.Name}");
                CheckValues(source, entry, parameter.Value, isHalf);
            }
        }
    }

    [Test]
    public void All_forms_hold_the_same_bits()
    {
        List<string> files = [.. Manifest.Value.Get("valid").EnumerateArray().Select(file => Golden.FilePath("onnx/" + file.Text("file")))];
        using WeightSource first = WeightFile.Open(files[0]);
        foreach (string path in files.Skip(1))
        {
            using WeightSource other = WeightFile.Open(path);
            Assert.That(other.Entries.Select(entry => entry.Name), Is.EqualTo(first.Entries.Select(entry => entry.Name)), path);
            foreach ((WeightEntry a, WeightEntry b) in first.Entries.Zip(other.Entries))
            {
                float[] expected = [.. first.Read(a).Select(value => b.StoredType == "float16" ? (float)(Half)value : value)];
                Assert.That(other.Read(b), Is.EqualTo(expected), $"{path} {b.Name}");
            }
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_damaged_and_dangerous_files(string file)
    {
        string path = Golden.FilePath("onnx/" + file);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(path).Dispose())!.Message, Does.Contain(path).And.Contain("at byte"));
    }

    [Test]
    public void The_zoo_model_is_recognised_and_its_padding_is_told()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["zoo"], AlexNet(normFirst: true));
        using WeightSource source = WeightFile.Open(folder["zoo"]);
        Assert.That((source.Hints.Network, source.Hints.Topology), Is.EqualTo(("bvlc_alexnet", "Bvlc")));
        Assert.That(source.Hints.Notes, Has.One.Contains("224×224"));
        Assert.That(source.Hints.Notes, Has.One.Contains("pooling layer 1 by 0, 0, 1, 1"));
        Assert.That(source.Hints.Notes, Has.None.Contains("conv2"));

        File.WriteAllBytes(folder["caffenet"], AlexNet(normFirst: false));
        using WeightSource other = WeightFile.Open(folder["caffenet"]);
        Assert.That((other.Hints.Network, other.Hints.Topology), Is.EqualTo(("bvlc_reference_caffenet", "Article")));
    }

    [TestCase("../secret.bin")]
    [TestCase("..\\secret.bin")]
    [TestCase("/etc/hostname")]
    [TestCase("link.bin")]
    [TestCase("linked/secret.bin")]
    [TestCase("")]
    [TestCase("missing.bin")]
    [TestCase(".")]
    public void Values_outside_the_models_folder_are_not_opened(string location)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["outside/secret.bin"], new byte[4]);
        File.WriteAllBytes(folder["model/x.onnx"], External(location));
        File.CreateSymbolicLink(folder["model/link.bin"], folder["outside/secret.bin"]);
        Directory.CreateSymbolicLink(folder["model/linked"], folder["outside"]);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["model/x.onnx"]).Dispose())!.Message, Does.Contain("at byte"));
    }

    [Test]
    public void A_model_that_is_a_link_has_its_values_beside_it_or_beside_its_target()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["blobs/model"], External("x.bin"));
        File.WriteAllBytes(folder["blobs/values"], BitConverter.GetBytes(2.5f));
        File.CreateSymbolicLink(folder["snapshot/x.onnx"], folder["blobs/model"]);
        File.CreateSymbolicLink(folder["snapshot/x.bin"], folder["blobs/values"]);
        using WeightSource source = WeightFile.Open(folder["snapshot/x.onnx"]);
        Assert.That(source.Read(source.Entries[0]), Is.EqualTo((float[])[2.5f]));
        Assert.That(source.Entries[0].File, Does.EndWith("x.bin"));
    }

    [TestCase(10, 2)]
    [TestCase(3, 1)]
    [TestCase(6, 4)]
    [TestCase(9, 1)]
    public void Small_types_as_varints_are_read(int dataType, int size)
    {
        long[] stored = dataType == 9 ? [0, 1, 1, 0] : [1, -2, 0x3C00, 5];
        byte[] varints = [.. stored.SelectMany(value => Proto.Varint((ulong)value))];
        byte[] tensor = [.. Proto.Integer(1, 2), .. Proto.Integer(1, 2), .. Proto.Integer(2, dataType), .. Proto.Text(8, "w"), .. Proto.Bytes(5, varints)];
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], OnnxFile.Model([.. Proto.Bytes(1, OnnxFile.Node("MatMul", ["x", "w"], "y")), .. Proto.Bytes(5, tensor)]));
        using WeightSource source = WeightFile.Open(folder["x"]);
        float[] expected = dataType switch
        {
            10 => [.. stored.Select(value => (float)BitConverter.Int16BitsToHalf((short)value))],
            3 => [.. stored.Select(value => (float)(sbyte)value)],
            _ => [.. stored.Select(value => (float)value)],
        };
        Assert.That(size * 4, Is.EqualTo(source.Entries[0].Count * size));
        Assert.That(source.Read(source.Entries[0], allowNonFinite: true), Is.EqualTo(expected));
    }

    [Test]
    public void Weights_behind_Transpose_and_Identity_and_rows_already_in_TensorFlow_order_are_read()
    {
        // Conv (3 channels) → Transpose to NHWC → Reshape → MatMul by the transpose of a stored (out, in).
        byte[] graph =
        [
            .. Proto.Bytes(1, OnnxFile.Node("Conv", ["x", "k"], "a")),
            .. Proto.Bytes(1, OnnxFile.Node("Transpose", ["a"], "b", ("perm", [0, 2, 3, 1]))),
            .. Proto.Bytes(1, OnnxFile.Node("Reshape", ["b", "s"], "c")),
            .. Proto.Bytes(1, OnnxFile.Node("Transpose", ["w"], "wt", ("perm", [1, 0]))),
            .. Proto.Bytes(1, OnnxFile.Node("Identity", ["wt"], "wi")),
            .. Proto.Bytes(1, OnnxFile.Node("MatMul", ["c", "wi"], "d")),
            .. Proto.Bytes(1, OnnxFile.Node("Add", ["v", "d"], "y")),
            .. Proto.Bytes(5, OnnxFile.Floats("k", [3, 1, 1, 1])), .. Proto.Bytes(5, OnnxFile.Floats("w", [2, 6])), .. Proto.Bytes(5, OnnxFile.Floats("v", [1, 2])),
        ];
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], OnnxFile.Model(graph));
        using WeightSource source = WeightFile.Open(folder["x"]);
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EqualTo((string[])["conv1/weights", "fc2/weights", "fc2/biases"]));
        Assert.That(source.Read(source.Entries[1]), Is.EqualTo((float[])[0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]));
        Assert.That(source.Entries[2].Shape, Is.EqualTo((long[])[2]));
    }

    private static void CheckValues(WeightSource source, WeightEntry entry, JsonElement expected, bool isHalf)
    {
        float[] values = source.Read(entry);
        Assert.That(entry.Shape, Is.EqualTo(expected.Ints("shape").Select(d => (long)d)), entry.Name);
        float[] first = [.. expected.Get(expected.Has("data") ? "data" : "first").EnumerateArray().Select(value => value.AsFloat())];
        Assert.That(values.Take(first.Length), Is.EqualTo(first.Select(value => isHalf ? (float)(Half)value : value)).Within(1e-9f), entry.Name);
        if (expected.Has("sum"))
        {
            Assert.That(values.Sum(value => (double)value), Is.EqualTo(expected.Double("sum")).Within(isHalf ? 1e-3 * values.Length : 1e-9), entry.Name);
        }
    }

    /// <summary>A network of AlexNet's structure with tiny layers, as the model zoo pads it.</summary>
    private static byte[] AlexNet(bool normFirst)
    {
        var graph = new List<byte>();
        string last = "data_0";
        void Add(string op, string? weights, params (string, long[])[] attributes)
        {
            string next = $"t{graph.Count}";
            graph.AddRange(Proto.Bytes(1, OnnxFile.Node(op, weights is null ? [last] : [last, weights], next, attributes)));
            last = next;
        }

        for (int i = 1; i <= 5; i++)
        {
            long pad = i == 1 ? 0 : i == 2 ? 2 : 1;
            graph.AddRange(Proto.Bytes(5, OnnxFile.Floats($"conv{i}_w_0", [2, i is 2 or 4 or 5 ? 1 : 2, 1, 1])));
            Add("Conv", $"conv{i}_w_0", ("group", [i is 2 or 4 or 5 ? 2 : 1]), ("pads", [pad, pad, pad, pad]));
            foreach (string op in i > 2 ? (string[])[] : normFirst ? ["LRN", "MaxPool"] : ["MaxPool", "LRN"])
            {
                Add(op, null, ("pads", [0, 0, 1, 1]));
            }
        }

        Add("Flatten", null);
        for (int i = 6; i <= 8; i++)
        {
            graph.AddRange(Proto.Bytes(5, OnnxFile.Floats($"fc{i}_w_0", [2, 2])));
            Add("MatMul", $"fc{i}_w_0");
        }

        byte[] shape = [.. ((long[])[1, 3, 224, 224]).SelectMany(d => Proto.Bytes(1, Proto.Integer(1, d)))];
        graph.AddRange(Proto.Bytes(11, [.. Proto.Text(1, "data_0"), .. Proto.Bytes(2, Proto.Bytes(1, Proto.Bytes(2, shape)))]));
        return OnnxFile.Model([.. graph]);
    }

    private static byte[] External(string location)
    {
        byte[] Pair(string key, string value) => Proto.Bytes(13, [.. Proto.Text(1, key), .. Proto.Text(2, value)]);
        byte[] tensor =
        [
            .. Proto.Integer(1, 1), .. Proto.Integer(1, 1), .. Proto.Integer(2, 1), .. Proto.Text(8, "w"), .. Pair("location", location), .. Proto.Integer(14, 1),
        ];
        return OnnxFile.Model([.. Proto.Bytes(1, OnnxFile.Node("MatMul", ["x", "w"], "y")), .. Proto.Bytes(5, tensor)]);
    }
}
