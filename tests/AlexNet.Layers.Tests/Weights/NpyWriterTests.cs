using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

public sealed class NpyWriterTests
{
    [Test]
    public void Dictionary_is_byte_for_byte_what_NumPy_writes()
    {
        // NumPy 1.14 under Python 3 writes lists of float32 arrays exactly as this writer does.
        JsonElement manifest = Golden.Json("npy/manifest.json");
        List<JsonElement> files = [.. manifest.Get("files").EnumerateArray().Where(file =>
            file.Bool("valid") && file.Text("numpy", "").StartsWith("1.14", StringComparison.Ordinal) && file.Bool("written_by_np_save")
            && IsPlain(manifest.Get("contents").Get(file.Text("contents"))))];
        Assume.That(files, Is.Not.Empty, "the set holds no file of NumPy 1.14");
        using var folder = new TempFolder();
        foreach (JsonElement file in files)
        {
            string golden = Golden.FilePath("npy/" + file.Text("file"));
            using WeightSource source = WeightFile.Open(golden);
            WeightFile.WriteNpyDictionary(folder["copy.npy"], Values(source));
            Assert.That(Normalised(folder["copy.npy"], source), Is.EqualTo(Normalised(golden, source)), file.Text("file"));
        }
    }

    [Test]
    public void Plain_arrays_are_byte_for_byte_what_NumPy_writes()
    {
        using var folder = new TempFolder();
        int compared = 0;
        JsonElement manifest = Golden.Json("npy/manifest.json");
        foreach (JsonElement file in manifest.Get("files").EnumerateArray().Where(file => file.Bool("valid") && file.Text("kind") == "array" && file.Bool("written_by_np_save", false)))
        {
            string golden = Golden.FilePath("npy/" + file.Text("file"));
            using WeightSource source = WeightFile.Open(golden);
            if (source.Entries[0].IsVerbatim)
            {
                WeightFile.WriteNpy(folder["copy.npy"], source.Entries[0].Shape, source.Read(source.Entries[0]));
                Assert.That(File.ReadAllBytes(folder["copy.npy"]), Is.EqualTo(File.ReadAllBytes(golden)), file.Text("file"));
                compared++;
            }
        }

        Assert.That(compared, Is.Positive);
    }

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(40, 3)]
    public void What_is_written_is_read_back(int layers, int perLayer)
    {
        List<WeightValues> tensors = [];
        for (int i = 0; i < layers; i++)
        {
            for (int k = 0; k < perLayer; k++)
            {
                long[] shape = [.. Enumerable.Range(0, (i + k) % 6).Select(d => (long)(1 + ((i + d) % 4)))];
                float[] values = Recipe.Fill($"written/{i}/{k}", Count(shape), -1e3, 1e3);
                tensors.Add(new WeightValues($"layer{i}", $"p{k}", shape, values));
            }
        }

        using var folder = new TempFolder();
        WeightFile.WriteNpyDictionary(folder["dictionary"], tensors);
        WeightFile.WriteNpz(folder["archive"], tensors);
        CheckSame(folder["dictionary"], tensors, byName: false);
        CheckSame(folder["archive"], tensors, byName: true);
    }

    [Test]
    public void Dimensions_beyond_one_and_two_bytes_are_written()
    {
        float[] values = Recipe.Fill("written/long", 70_000, -1, 1);
        List<WeightValues> tensors = [new("a", "weights", [70_000, 1], values), new("b", "weights", [7, 10_000], values)];
        using var folder = new TempFolder();
        WeightFile.WriteNpyDictionary(folder["dictionary"], tensors);
        CheckSame(folder["dictionary"], tensors, byName: true);
    }

    [Test]
    public void Values_that_do_not_fit_and_names_that_come_twice_are_refused()
    {
        using var folder = new TempFolder();
        var fits = new WeightValues("a", "weights", [2], new float[2]);
        Assert.Multiple(() =>
        {
            Assert.Throws<ArgumentException>(() => WeightFile.WriteNpz(folder["x"], [fits with { Shape = [3] }]));
            Assert.Throws<ArgumentException>(() => WeightFile.WriteNpyDictionary(folder["x"], [fits, fits]));
            Assert.That(File.Exists(folder["x"]), Is.False);
        });
    }

    private static void CheckSame(string path, List<WeightValues> tensors, bool byName)
    {
        using WeightSource source = WeightFile.Open(path);
        Assert.That(source.Entries, Has.Count.EqualTo(tensors.Count));
        foreach ((WeightEntry entry, WeightValues tensor) in source.Entries.Zip(tensors))
        {
            Assert.That(byName ? entry.Name : entry.Layer, Is.EqualTo(byName ? tensor.Name : tensor.Layer));
            Assert.That(entry.Shape, Is.EqualTo(tensor.Shape));
            Assert.That(source.Read(entry), Is.EqualTo(tensor.Values.ToArray()));
        }
    }

    /// <summary>
    /// The file without what tells Fortran from C order, which we do not write: of such arrays the flag is cleared and
    /// the characters, which are the same in another order, are blanked.
    /// </summary>
    private static byte[] Normalised(string path, WeightSource golden)
    {
        byte[] bytes = File.ReadAllBytes(path);
        foreach (WeightEntry entry in golden.Entries.Where(entry => !entry.Layout.IsInOrder))
        {
            int text = (int)entry.FileOffset;
            int length = BitConverter.ToInt32(bytes, text - 4);
            int flag = bytes.AsSpan(0, text - 5).LastIndexOfAny((byte)0x88, (byte)0x89);
            Assert.That(text - 5 - flag, Is.LessThan(8), "the flag stands right before the data");
            bytes[flag] = 0;
            bytes.AsSpan(text, length).Clear();
        }

        return bytes;
    }

    private static bool IsPlain(JsonElement contents) => contents.EnumerateObject().All(layer =>
        layer.Value.ValueKind == JsonValueKind.Array && layer.Value.EnumerateArray().All(item => item.Text("stored") == "f4"));

    private static List<WeightValues> Values(WeightSource source) =>
        [.. source.Entries.Select(entry => new WeightValues(entry.Layer, entry.Parameter, entry.Shape, source.Read(entry)))];

    private static long Count(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);
}
