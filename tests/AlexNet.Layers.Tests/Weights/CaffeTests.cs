using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class CaffeTests
{
    private static readonly Lazy<JsonElement> Manifest = new(() => Golden.Json("caffemodel/manifest.json"));

    private static IEnumerable<TestCaseData> Valid() => Files(valid: true);

    private static IEnumerable<TestCaseData> Refused() => Files(valid: false);

    [TestCaseSource(nameof(Valid))]
    public void Reads_every_form_in_TensorFlow_layout(string file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("caffemodel/" + file));
        foreach (JsonProperty layer in Manifest.Value.Get("layers").EnumerateObject())
        {
            JsonElement expected = layer.Value;
            CheckEntry(source, layer.Name + "/weights", expected.Ints("tf_weights_shape"), expected.Get("tf_weights"), expected.Text("tf_weights_sha256"));
            CheckEntry(source, layer.Name + "/biases", [expected.Get("tf_biases").GetArrayLength()], expected.Get("tf_biases"), expected.Text("tf_biases_sha256"));
            CheckStored(source, layer.Name, expected);
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_damaged_files(string file)
    {
        string path = Golden.FilePath("caffemodel/" + file);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(path).Dispose())!.Message, Does.Contain(path).And.Contain("at byte"));
    }

    [TestCase("norm1 pool1", "bvlc_alexnet", "Bvlc")]
    [TestCase("pool1 norm1", "bvlc_reference_caffenet", "Article")]
    public void The_two_published_networks_are_told_apart(string middle, string network, string topology)
    {
        foreach (bool reversed in (bool[])[false, true])
        {
            List<byte[]> layers = [CaffeFile.Layer("conv1", "Convolution", [2, 1, 1, 1])];
            layers.AddRange(middle.Split(' ').Select(name => CaffeFile.Layer(name, name[0] == 'n' ? "LRN" : "Pooling", null)));
            layers.AddRange(Enumerable.Range(2, 4).Select(i => CaffeFile.Layer($"conv{i}", "Convolution", [2, 1, 1, 1])));
            layers.AddRange(Enumerable.Range(6, 3).Select(i => CaffeFile.Layer($"fc{i}", "InnerProduct", [2, 4])));
            if (reversed)
            {
                layers.Reverse();
            }

            using var folder = new TempFolder();
            File.WriteAllBytes(folder["net"], [.. layers.SelectMany(layer => Proto.Bytes(100, layer))]);
            using WeightSource source = WeightFile.Open(folder["net"]);
            Assert.That(source.Hints.Network, Is.EqualTo(network));
            Assert.That(source.Hints.Topology, Is.EqualTo(topology));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_first_dense_layer_is_found_by_the_inputs_or_by_the_order(bool connected)
    {
        // Names say nothing here, and the dense layer behind another one must keep its rows.
        List<byte[]> layers =
        [
            CaffeFile.Layer("alpha", "Convolution", [3, 1, 1, 1], connected ? "picture" : "?", "a"),
            CaffeFile.Layer("pool", "Pooling", null, connected ? "a" : "?", "p"),
            CaffeFile.Layer("relu", "ReLU", null, connected ? "p" : "?", "p"),
            CaffeFile.Layer("beta", "InnerProduct", [3, 6], connected ? "p" : "?", "b"),
            CaffeFile.Layer("gamma", "InnerProduct", [2, 3], connected ? "b" : "?", "c"),
        ];
        float[] stored = [.. Enumerable.Range(0, 18).Select(i => (float)i)];
        foreach (bool reversed in connected ? (bool[])[false] : [false, true])
        {
            if (reversed)
            {
                layers.Reverse();
            }

            using var folder = new TempFolder();
            File.WriteAllBytes(folder["net"], [.. layers.SelectMany(layer => Proto.Bytes(100, layer))]);
            using WeightSource source = WeightFile.Open(folder["net"]);
            float[] rows = source.Read(source.Entries.Single(entry => entry.Name == "beta/weights"));
            for (int p = 0; p < 2; p++)
            {
                for (int c = 0; c < 3; c++)
                {
                    Assert.That(rows.AsSpan(((p * 3) + c) * 3, 3).ToArray(), Is.EqualTo(Enumerable.Range(0, 3).Select(o => stored[(o * 6) + (c * 2) + p])));
                }
            }

            Assert.That(source.Read(source.Entries.Single(entry => entry.Name == "gamma/weights")), Is.EqualTo((float[])[0, 3, 1, 4, 2, 5]));
        }
    }

    private static void CheckEntry(WeightSource source, string name, int[] shape, JsonElement values, string sha256)
    {
        WeightEntry entry = source.Entries.Single(entry => entry.Name == name);
        float[] read = source.Read(entry);
        Assert.That(entry.Shape, Is.EqualTo(shape.Select(d => (long)d)), name);
        Assert.That(read, Is.EqualTo(values.EnumerateArray().Select(value => value.AsFloat())), name);
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(read))), Is.EqualTo(sha256), name);
    }

    private static void CheckStored(WeightSource source, string layer, JsonElement expected)
    {
        WeightEntry entry = source.Entries.Single(entry => entry.Name == layer + "/weights");
        float[] stored = new float[entry.Count];
        source.ReadStoredInto(entry, stored);
        double[] range = [.. expected.Get("weights_range").EnumerateArray().Select(value => value.AsDouble())];
        Assert.That(stored, Is.EqualTo(Recipe.Fill(expected.Text("recipe_weights"), stored.Length, range[0], range[1])), layer);
    }

    private static IEnumerable<TestCaseData> Files(bool valid) =>
        Golden.Entries("caffemodel/manifest.json", root => root.Get("files").EnumerateArray()
            .Where(file => file.Bool("valid") == valid)
            .Select(file => (file.Text("file"), (object)file.Text("file"))));
}
