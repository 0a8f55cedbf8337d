using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class SafetensorsTests
{
    private static IEnumerable<TestCaseData> Valid() => Golden.Entries("safetensors/expected.json", root =>
        root.Get("files").EnumerateObject().Select(file => (file.Name, (object)file)));

    private static IEnumerable<TestCaseData> Refused() => Golden.Entries("safetensors/expected.json", root =>
        root.Get("refused").EnumerateObject().Select(file => (file.Name, (object)file.Name)));

    [TestCaseSource(nameof(Valid))]
    public void Reads_what_the_library_wrote(JsonProperty file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("safetensors/" + file.Name));
        JsonElement tensors = file.Value.Get("tensors");
        Assert.That(source.Entries.Select(entry => entry.StoredName), Is.EquivalentTo(tensors.EnumerateObject().Select(tensor => tensor.Name)));
        foreach (JsonProperty tensor in tensors.EnumerateObject())
        {
            CheckTensor(source, source.Entries.Single(entry => entry.StoredName == tensor.Name), tensor.Value);
        }

        if (file.Value.Find("order_in_file") is { } order)
        {
            // Tensors without values share their place with the one that follows.
            Assert.That(
                source.Entries.Where(entry => entry.Count > 0).Select(entry => entry.StoredName),
                Is.EqualTo(order.EnumerateArray().Select(name => name.GetString()).Where(name => tensors.Get(name!).Ints("shape").All(d => d > 0))));
        }
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_what_the_library_refuses(string file)
    {
        string path = Golden.FilePath("safetensors/" + file);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(path).Dispose())!.Message, Does.Contain(path).And.Contain("at byte"));
    }

    [Test]
    public void Writes_byte_for_byte_what_the_library_writes()
    {
        using var folder = new TempFolder();
        int compared = 0;
        foreach (JsonProperty file in Golden.Json("safetensors/expected.json").Get("files").EnumerateObject())
        {
            string path = Golden.FilePath("safetensors/" + file.Name);
            using WeightSource source = WeightFile.Open(path);
            bool ours = file.Value.Find("metadata") is { } metadata && metadata.ToString() is "{\"format\": \"tf\"}" or "{\"format\":\"tf\"}"
                && source.Entries.All(entry => entry.IsVerbatim);
            if (ours)
            {
                WeightFile.WriteSafetensors(folder["copy"], [.. source.Entries.Reverse().Select(entry =>
                    new WeightValues(entry.Layer, entry.Parameter, entry.Shape, source.Read(entry)))]);
                Assert.That(File.ReadAllBytes(folder["copy"]), Is.EqualTo(File.ReadAllBytes(path)), file.Name);
                compared++;
            }
        }

        Assert.That(compared, Is.Positive);
    }

    [Test]
    public void Odd_names_survive_writing()
    {
        List<WeightValues> tensors = [new("a \"b\" \\ é\n", "weights", [2], new float[] { 1, 2 }), new("", "x", [], new float[] { 3 }), new("c", "empty", [0, 4], default)];
        using var folder = new TempFolder();
        WeightFile.WriteSafetensors(folder["x"], tensors);
        using WeightSource source = WeightFile.Open(folder["x"]);
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(tensors.Select(tensor => tensor.Name)));
        Assert.That(source.Entries.Sum(entry => source.Read(entry).Sum()), Is.EqualTo(6));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "comes twice")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1,[2]],"data_offsets":[0,8]}}""", "a list of integers")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", "unknown property")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x""", "JSON")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "JSON")]
    [TestCase("""{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "Number stands where String belongs")]
    public void Headers_of_another_form_are_refused(string header, string reason)
    {
        byte[] file = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        Encoding.UTF8.GetBytes(header, file.AsSpan(8));
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["x"], file);
        Assert.That(Assert.Throws<FileFormatException>(() => WeightFile.Open(folder["x"]).Dispose())!.Message, Does.Contain(reason));
    }

    private static float Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.AsFloat(),
    };

    private static void CheckTensor(WeightSource source, WeightEntry entry, JsonElement tensor)
    {
        float[] values = source.Read(entry);
        Assert.That(entry.Shape, Is.EqualTo(tensor.Ints("shape").Select(d => (long)d)), entry.Name);
        float[] sample = [.. tensor.Get("sample").EnumerateArray().Select(Number)];
        int[] index = tensor.IntsOrNull("sample_index") ?? [.. Enumerable.Range(0, sample.Length)];
        Assert.That(index.Select(i => values[i]), Is.EqualTo(sample), entry.Name);
        if (tensor.Has("sum"))
        {
            WeightStatistics statistics = source.Statistics(entry);
            double scale = tensor.Double("abs_sum");
            Assert.That(values, Has.Length.EqualTo(tensor.Int("count")));
            Assert.That(statistics.Sum, Is.EqualTo(tensor.Double("sum")).Within(1e-7 * scale), entry.Name);
            if (values.Length > 0)
            {
                Assert.That(statistics.Minimum, Is.EqualTo(tensor.Float("min")), entry.Name);
                Assert.That(statistics.Maximum, Is.EqualTo(tensor.Float("max")), entry.Name);
            }
        }
    }
}
