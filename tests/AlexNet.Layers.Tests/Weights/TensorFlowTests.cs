using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>TensorFlow's checkpoints and frozen graphs as weight files.</summary>
public sealed class TensorFlowTests
{
    private static IEnumerable<TestCaseData> Folders()
    {
        string root = Golden.Locate("checkpoint");
        if (!Directory.Exists(root))
        {
            return [new TestCaseData([null]).SetArgDisplayNames("absent").Ignore($"There is no {root}.")];
        }

        List<TestCaseData> folders = [.. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal).Select(folder => new TestCaseData(Path.GetFileName(folder)))];
        return folders.Count > 0 ? folders : throw new InvalidDataException($"{root} holds no checkpoint.");
    }

    [TestCaseSource(nameof(Folders))]
    public void Checkpoints_hold_what_TensorFlow_reads(string folder)
    {
        JsonElement expected = Golden.Json($"checkpoint/{folder}/expected.json");
        foreach ((string prefix, JsonElement tensors) in Tensors(expected))
        {
            using WeightSource source = WeightFile.Open(Golden.Locate($"checkpoint/{folder}/{prefix}"));
            Assert.That(source.Kind, Is.EqualTo("TensorFlow checkpoint"));
            foreach (JsonProperty tensor in tensors.EnumerateObject().Where(tensor => IsNumber(tensor.Value)))
            {
                CheckTensor(source, source.Entries.Single(entry => entry.StoredName == tensor.Name), tensor.Value);
            }
        }

        if (expected.Has("count"))
        {
            using WeightSource source = WeightFile.Open(Golden.Locate($"checkpoint/{folder}/{expected.Text("prefix")}"));
            Assert.That(source.Entries, Has.Count.EqualTo(expected.Int("count")));
            foreach (JsonProperty value in expected.Get("sample").EnumerateObject())
            {
                Assert.That(source.Read(source.Entries.Single(entry => entry.StoredName == value.Name)), Is.EqualTo((float[])[value.Value.AsFloat()]));
            }
        }
    }

    [Test]
    public void A_folder_a_prefix_and_the_index_are_the_same_checkpoint()
    {
        string folder = Golden.Folder("checkpoint");
        string index = Directory.EnumerateFiles(folder, "*.index", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First(path => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "checkpoint")));
        using WeightSource byIndex = WeightFile.Open(index);
        using WeightSource byPrefix = WeightFile.Open(index[..^".index".Length]);
        using WeightSource byFolder = WeightFile.Open(Path.GetDirectoryName(index)!);
        Assert.That(byPrefix.Entries.Select(entry => entry.ToString()), Is.EqualTo(byIndex.Entries.Select(entry => entry.ToString())));
        Assert.That(byFolder.Entries.Select(entry => entry.StoredName), Is.EqualTo(byIndex.Entries.Select(entry => entry.StoredName)));
    }

    [Test]
    public void A_changed_byte_is_found_by_the_checksum()
    {
        using var folder = new TempFolder();
        string index = Directory.EnumerateFiles(Golden.Folder("checkpoint"), "*.index", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .First(path => Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path) + ".data-*").Length == 1);
        string data = Directory.GetFiles(Path.GetDirectoryName(index)!, Path.GetFileNameWithoutExtension(index) + ".data-*")[0];
        File.Copy(index, folder["x.index"]);
        byte[] bytes = File.ReadAllBytes(data);
        bytes[0] ^= 1;
        string copy = folder["x" + Path.GetExtension(data)];
        File.WriteAllBytes(copy, bytes);
        using WeightSource source = WeightFile.Open(folder["x"]);
        WeightEntry first = source.Entries.First(entry => entry.FileOffset == 0 && entry.Count > 0);
        Assert.That(Assert.Throws<FileFormatException>(() => source.Read(first, allowNonFinite: true))!.Message, Does.Contain("checksum").And.Contain(copy));
        Assert.That(Assert.Throws<FileFormatException>(() => source.Statistics(first))!.Message, Does.Contain("checksum"));

        File.Delete(copy);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain("does not exist"));
        File.WriteAllBytes(copy, bytes[..10]);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain("cut short"));
    }

    [Test]
    public void Frozen_graphs_hold_their_weights_and_others_say_where_they_are()
    {
        string folder = Golden.Folder("graphdef");
        JsonElement weights = Golden.Json("graphdef/expected.json").Get("weights");
        int frozen = 0, unfrozen = 0;
        foreach (string path in Directory.EnumerateFiles(folder).Where(path => path.EndsWith(".pb", StringComparison.Ordinal) || path.EndsWith(".meta", StringComparison.Ordinal)))
        {
            try
            {
                using WeightSource source = WeightFile.Open(path);
                CheckRecipes(source, weights);
                frozen++;
            }
            catch (FileFormatException e) when (e.Message.Contains("checkpoint", StringComparison.Ordinal))
            {
                unfrozen++;
            }
        }

        Assert.That((frozen, unfrozen), Is.EqualTo((Files(folder, "frozen"), Files(folder, "unfrozen"))));
    }

    [Test]
    public void A_graph_inside_a_MetaGraphDef_or_SavedModel_is_found()
    {
        string frozen = Directory.EnumerateFiles(Golden.Folder("graphdef"), "frozen*.pb").Order(StringComparer.Ordinal).First();
        JsonElement weights = Golden.Json("graphdef/expected.json").Get("weights");
        byte[] meta = [.. Proto.Bytes(1, Proto.Text(4, "serve")), .. Proto.Bytes(2, File.ReadAllBytes(frozen))];
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x.meta"], meta);
        File.WriteAllBytes(folder["model/saved_model.pb"], [.. Proto.Integer(1, 1), .. Proto.Bytes(2, meta)]);
        using WeightSource fromMeta = WeightFile.Open(folder["x.meta"]);
        using WeightSource fromFile = WeightFile.Open(folder["model/saved_model.pb"]);
        using WeightSource fromFolder = WeightFile.Open(folder["model"]);
        Assert.That(fromMeta.Kind, Is.EqualTo("TensorFlow MetaGraphDef"));
        Assert.That(fromFolder.Kind, Is.EqualTo("TensorFlow SavedModel"));
        foreach (WeightSource source in (WeightSource[])[fromMeta, fromFile, fromFolder])
        {
            CheckRecipes(source, weights);
        }
    }

    [Test]
    public void The_variables_of_a_SavedModel_are_its_checkpoint()
    {
        using var folder = new TempFolder();
        string index = Directory.EnumerateFiles(Golden.Folder("checkpoint"), "*.index", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(index)!, Path.GetFileNameWithoutExtension(index) + ".*"))
        {
            File.Copy(file, folder["model/variables/variables" + Path.GetFileName(file)[Path.GetFileNameWithoutExtension(index).Length..]]);
        }

        File.WriteAllBytes(folder["model/saved_model.pb"], [.. Proto.Integer(1, 1), .. Proto.Bytes(2, [])]);
        using WeightSource source = WeightFile.Open(folder["model"]);
        using WeightSource checkpoint = WeightFile.Open(index);
        Assert.That(source.Entries.Select(entry => entry.ToString()), Is.EqualTo(checkpoint.Entries.Select(entry => entry.ToString())));
    }

    [TestCase(1, new float[] { 1.5f, 2 }, 4, new float[] { 1.5f, 2, 2, 2 })]
    [TestCase(1, new float[] { 7 }, 3, new float[] { 7, 7, 7 })]
    [TestCase(1, new float[0], 2, new float[] { 0, 0 })]
    [TestCase(19, new float[] { 1, -2 }, 3, new float[] { 1, -2, -2 })]
    [TestCase(3, new float[] { 300, -4 }, 2, new float[] { 300, -4 })]
    public void Listed_values_are_read_and_the_last_one_stands_for_the_rest(int type, float[] listed, int count, float[] expected)
    {
        byte[] values = type switch
        {
            1 => Proto.Bytes(5, MemoryMarshal.AsBytes<float>(listed).ToArray()),
            19 => Proto.Bytes(13, [.. listed.SelectMany(value => Proto.Varint(BitConverter.HalfToUInt16Bits((Half)value)))]),
            _ => Proto.Bytes(7, [.. listed.SelectMany(value => Proto.Varint((ulong)(long)value))]),
        };
        byte[] tensor = [.. Proto.Integer(1, type), .. Proto.Bytes(2, Proto.Bytes(2, Proto.Integer(1, count))), .. values];
        byte[] attribute = [.. Proto.Text(1, "value"), .. Proto.Bytes(2, Proto.Bytes(8, tensor))];
        byte[] node = [.. Proto.Text(1, "conv1/biases"), .. Proto.Text(2, "Const"), .. Proto.Bytes(5, attribute)];
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], Proto.Bytes(1, node));
        using WeightSource source = WeightFile.Open(folder["x"]);
        Assert.That(source.Entries.Single().Name, Is.EqualTo("conv1/biases"));
        Assert.That(source.Read(source.Entries[0]), Is.EqualTo(expected));
        Assert.That(source.Statistics(source.Entries[0]).Sum, Is.EqualTo(expected.Sum()));
    }

    [Test]
    public void A_folder_without_weights_is_said_to_be_one()
    {
        using var folder = new TempFolder();
        Assert.That(Assert.Throws<AlexNetException>(() => WeightFile.Open(folder.Path).Dispose())!.Message, Does.Contain(folder.Path).And.Contain("neither"));
    }

    private static void CheckRecipes(WeightSource source, JsonElement weights)
    {
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(weights.EnumerateObject().Select(weight => weight.Name)));
        foreach (JsonProperty weight in weights.EnumerateObject())
        {
            int[] shape = weight.Value.Ints("shape");
            WeightEntry entry = source.Entries.Single(entry => entry.Name == weight.Name);
            Assert.That(source.Read(entry), Is.EqualTo(Recipe.Fill(weight.Value.Text("recipe_name"), shape, weight.Value.Double("lo"), weight.Value.Double("hi"))), weight.Name);
            Assert.That(entry.Shape, Is.EqualTo(shape.Select(d => (long)d)));
        }
    }

    private static IEnumerable<(string Prefix, JsonElement Tensors)> Tensors(JsonElement expected)
    {
        if (expected.Find("checkpoints") is { } checkpoints)
        {
            foreach (JsonProperty checkpoint in checkpoints.EnumerateObject())
            {
                yield return (checkpoint.Name, checkpoint.Value.Find("tensors") ?? checkpoint.Value);
            }
        }
        else if (expected.Find("tensors") is { } tensors)
        {
            yield return (expected.Text("prefix"), tensors);
        }
    }

    private static bool IsNumber(JsonElement tensor) => tensor.Text("tf_dtype", "string") is "float32" or "float64" or "float16" or "bfloat16" or "int8" or "int16" or "int32" or "int64" or "uint8" or "uint16" or "uint32" or "uint64" or "bool";

    private static void CheckTensor(WeightSource source, WeightEntry entry, JsonElement tensor)
    {
        Assert.That(entry.StoredType, Is.EqualTo(tensor.Text("tf_dtype")), entry.Name);
        Assert.That(entry.Shape, Is.EqualTo(tensor.Ints("shape").Select(d => (long)d)), entry.Name);
        float[] values = source.Read(entry, allowNonFinite: true);
        int[] index = tensor.IntsOrNull("sample_index") ?? [];
        float[] sample = [.. (tensor.Find("sample") is { } listed ? listed.EnumerateArray() : default).Select(Number)];
        Assert.That(index.Select(i => values[i]), Is.EqualTo(sample), entry.Name);
        if (tensor.Has("sum") && tensor.Double("abs_sum") < 1e30)
        {
            Assert.That(source.Statistics(entry).Sum, Is.EqualTo(tensor.Double("sum")).Within(1e-6 * Math.Max(1, tensor.Double("abs_sum"))), entry.Name);
        }
    }

    private static float Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.AsFloat(),
    };

    private static int Files(string folder, string prefix) => Directory.EnumerateFiles(folder)
        .Count(path => Path.GetFileName(path).StartsWith(prefix, StringComparison.Ordinal) && Path.GetExtension(path) is ".pb" or ".meta");
}
