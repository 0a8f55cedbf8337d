using System.Text.Json;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>Every file that NumPy wrote, and every hand-made one that must be refused.</summary>
public sealed class NpyGoldenTests
{
    private static readonly Lazy<JsonElement> Manifest = new(() => Golden.Json("npy/manifest.json"));

    private static IEnumerable<TestCaseData> Valid() => Files(valid: true);

    private static IEnumerable<TestCaseData> Refused() => Files(valid: false);

    [TestCaseSource(nameof(Valid))]
    public void Reads_what_NumPy_wrote(JsonElement file)
    {
        using WeightSource source = WeightFile.Open(Golden.FilePath("npy/" + file.Text("file")));
        JsonElement contents = Manifest.Value.Get("contents").Get(file.Text("contents"));
        List<ExpectedArray> expected = [.. Expected(contents)];

        Assert.That(source.Entries, Has.Count.EqualTo(expected.Count));
        Assert.Multiple(() =>
        {
            foreach (ExpectedArray array in expected)
            {
                CheckEntry(source, Find(source, array), array);
            }
        });
    }

    /// <summary>A dictionary's order depends on the Python that wrote it; a list's does not.</summary>
    private static WeightEntry Find(WeightSource source, ExpectedArray array)
    {
        if (source.Entries.Count == 1)
        {
            return source.Entries[0];
        }

        string stored = array switch
        {
            { Parameter: not null } => $"{array.Layer}/{array.Parameter}",
            { Position: not null } => $"{array.Layer}[{array.Position}]",
            _ => array.Layer,
        };
        return source.Entries.Single(entry => entry.StoredName == stored);
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_what_is_broken_or_dangerous(JsonElement file)
    {
        string path = Golden.FilePath("npy/" + file.Text("file"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        FileFormatException error = Assert.Throws<FileFormatException>(() => ReadAll(path))!;

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(error.Message, Does.Contain(path).And.Contain("at byte"));
    }

    [TestCaseSource(nameof(Refused))]
    public void Refuses_without_large_allocations(JsonElement file)
    {
        string path = Golden.FilePath("npy/" + file.Text("file"));
        AllocationMeter allocated = AllocationMeter.PerCall(() => Assert.Catch<FileFormatException>(() => ReadAll(path)), calls: 1, warmUps: 1);
        Assert.That(allocated.Thread, Is.LessThan((8 * new FileInfo(path).Length) + 500_000));
    }

    private static void ReadAll(string path)
    {
        using WeightSource source = WeightFile.Open(path);
        foreach (WeightEntry entry in source.Entries)
        {
            source.Read(entry);
        }
    }

    private static void CheckEntry(WeightSource source, WeightEntry entry, ExpectedArray array)
    {
        float[] values = source.Read(entry);
        Assert.That(entry.Shape, Is.EqualTo(array.Shape), entry.Name);
        Assert.That(values, Is.EqualTo(array.Values), entry.Name);
        WeightStatistics statistics = source.Statistics(entry);
        Assert.That(statistics.Sum, Is.EqualTo(array.Values.Sum(v => (double)v)).Within(1e-9), entry.Name);
        Assert.That(statistics.Minimum, Is.EqualTo(array.Values.Append(float.PositiveInfinity).Min()), entry.Name);
        Assert.That(statistics.Maximum, Is.EqualTo(array.Values.Append(float.NegativeInfinity).Max()), entry.Name);
        if (array.Parameter is "weights" or "biases")
        {
            Assert.That(entry.Name, Is.EqualTo($"{array.Layer}/{array.Parameter}"));
        }
        else if (array is { Position: 0, Shape.Length: >= 2 } or { Position: 1, Shape.Length: 1 })
        {
            Assert.That(entry.Name, Is.EqualTo($"{array.Layer}/{(array.Shape.Length == 1 ? "biases" : "weights")}"));
        }
    }

    private static IEnumerable<TestCaseData> Files(bool valid) =>
        Golden.Entries("npy/manifest.json", manifest => manifest.Get("files").EnumerateArray()
            .Where(file => file.Bool("valid") == valid)
            .Select(file => (file.Text("file"), (object)file)));

    private static IEnumerable<ExpectedArray> Expected(JsonElement contents)
    {
        foreach (JsonProperty layer in contents.EnumerateObject())
        {
            switch (layer.Value.ValueKind)
            {
                case JsonValueKind.Array:
                    foreach ((int position, JsonElement item) in layer.Value.EnumerateArray().Index())
                    {
                        yield return ExpectedArray.Parse(layer.Name, null, item) with { Position = position };
                    }

                    break;
                case JsonValueKind.Object when !layer.Value.Has("shape"):
                    foreach (JsonProperty parameter in layer.Value.EnumerateObject())
                    {
                        yield return ExpectedArray.Parse(layer.Name, parameter.Name, parameter.Value);
                    }

                    break;
                default:
                    yield return ExpectedArray.Parse(layer.Name, null, layer.Value);
                    break;
            }
        }
    }
}
