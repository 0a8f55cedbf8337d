using System.Text;
using System.Text.Json;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Formats;

/// <summary>Checkpoints that TensorFlow wrote: read, compared with what its own reader returns, and written anew.</summary>
public sealed unsafe class CheckpointGoldenTests
{
    private static IEnumerable<TestCaseData> Folders()
    {
        string root = Golden.Locate("checkpoint");
        if (!Directory.Exists(root)) return [new TestCaseData([null]).SetArgDisplayNames("absent").Ignore($"There is no {root}.")];
        List<TestCaseData> found = [.. Directory.GetFiles(root, "expected.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new TestCaseData(path).SetArgDisplayNames(Path.GetFileName(Path.GetDirectoryName(path))!))];
        return found.Count > 0 ? found : throw new InvalidDataException($"{root} holds no expected.json.");
    }

    private static IEnumerable<TestCaseData> FoldersWithState() =>
        Folders().Where(folder => folder.Arguments[0] is not string path || File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "checkpoint")));

    private static IEnumerable<TestCaseData> Prefixes()
    {
        foreach (TestCaseData folder in Folders())
        {
            if (folder.Arguments[0] is not string expected)
            {
                yield return folder;
                continue;
            }

            foreach (string index in Directory.GetFiles(Path.GetDirectoryName(expected)!, "*.index"))
            {
                yield return new TestCaseData(index[..^".index".Length]).SetArgDisplayNames(Path.GetFileNameWithoutExtension(index));
            }
        }
    }

    [TestCaseSource(nameof(Folders))]
    public void Holds_what_TensorFlows_reader_returns(string path)
    {
        JsonElement expected = Golden.ReadJson(path);
        string folder = Path.GetDirectoryName(path)!;
        if (expected.Find("checkpoints") is { } checkpoints)
        {
            foreach (JsonProperty checkpoint in checkpoints.EnumerateObject()) CheckTensors(Path.Combine(folder, checkpoint.Name), checkpoint.Value);
        }
        else if (expected.Find("tensors") is { } tensors)
        {
            CheckTensors(Path.Combine(folder, expected.Text("prefix")), tensors);
        }
        else
        {
            CheckCounted(Path.Combine(folder, expected.Text("prefix")), expected);
        }
    }

    [TestCaseSource(nameof(Prefixes))]
    public void Written_anew_it_has_the_same_bytes(string prefix)
    {
        using var target = new TempFolder();
        string copy = target[Path.GetFileName(prefix)];
        Rewrite(prefix, copy);
        string[] files = [.. Directory.GetFiles(Path.GetDirectoryName(prefix)!, Path.GetFileName(prefix) + ".*")
            .Where(file => Path.GetExtension(file) == ".index" || file.Contains(".data-", StringComparison.Ordinal))];
        Assert.That(Directory.GetFiles(target.Path).Select(Path.GetFileName), Is.EquivalentTo(files.Select(Path.GetFileName)));
        foreach (string file in files)
        {
            Assert.That(File.ReadAllBytes(target[Path.GetFileName(file)]).AsSpan().SequenceEqual(File.ReadAllBytes(file)), Is.True, file);
        }
    }

    [TestCaseSource(nameof(FoldersWithState))]
    public void A_folder_with_a_state_file_opens_its_current_checkpoint(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        using var reader = CheckpointReader.Open(folder);
        Assert.That(CheckpointReader.FindLatest(folder), Is.EqualTo(reader.Prefix));
        CheckpointState state = CheckpointStateFile.Read(folder)!;
        Assert.That(reader.Prefix, Is.EqualTo(state.ModelCheckpointPath));
        using var byIndexFile = CheckpointReader.Open(reader.Prefix + ".index");
        Assert.That(byIndexFile.Prefix, Is.EqualTo(reader.Prefix));
    }

    [TestCaseSource(nameof(FoldersWithState))]
    public void The_state_file_written_anew_has_the_same_bytes(string path)
    {
        string file = Path.Combine(Path.GetDirectoryName(path)!, "checkpoint");
        CheckpointState state = ProtoTextReader.Read(CheckpointState.Parser, CheckpointState.Descriptor, File.ReadAllBytes(file), file);
        Assert.That(ProtoTextWriter.Write(state), Is.EqualTo(File.ReadAllText(file)));
    }

    private static void Rewrite(string prefix, string copy)
    {
        using var reader = CheckpointReader.Open(prefix);
        CheckpointIndex index = CheckpointIndex.Read(prefix + ".index");
        using var writer = new CheckpointWriter(copy, index.Shards);
        foreach (Part part in Parts(reader, index).OrderBy(part => part.Place.ShardId).ThenBy(part => part.Place.Offset).ThenBy(part => part.Place.Size))
        {
            if (part.Tensor.TypeName == "string")
            {
                writer.AddStrings(part.Tensor.Name, reader.ReadStrings(part.Tensor.Name), part.Tensor.Dimensions);
                continue;
            }

            byte[] bytes = File.ReadAllBytes(CheckpointPaths.Data(prefix, part.Place.ShardId, index.Shards)).AsSpan((int)part.Place.Offset, (int)part.Place.Size).ToArray();
            fixed (byte* memory = bytes)
            {
                if (part.Slice is null) writer.Add(part.Tensor.Name, part.Tensor.Proto.Dtype, part.Tensor.Dimensions, memory, part.Place.ShardId);
                else writer.AddSlice(part.Tensor.Name, part.Tensor.Proto.Dtype, part.Tensor.Dimensions, part.Slice, memory, part.Place.ShardId);
            }
        }

        writer.Commit();
    }

    private static IEnumerable<Part> Parts(CheckpointReader reader, CheckpointIndex index)
    {
        foreach (CheckpointEntry entry in reader.Entries)
        {
            if (!entry.IsPartitioned) yield return new Part(entry, null, entry.Proto);
            foreach (TensorSliceProto slice in entry.Proto.Slices) yield return new Part(entry, slice, index.FindSlice(entry.Name, slice)!.Proto);
        }
    }

    private static void CheckTensors(string prefix, JsonElement tensors)
    {
        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Entries.Select(entry => entry.Name), Is.EquivalentTo(tensors.EnumerateObject().Select(tensor => tensor.Name)));
        foreach (JsonProperty tensor in tensors.EnumerateObject())
        {
            CheckpointEntry entry = reader.Find(tensor.Name)!;
            Assert.That(entry.TypeName, Is.EqualTo(tensor.Value.Text("tf_dtype")), tensor.Name);
            Assert.That(entry.Shape, Is.EqualTo(tensor.Value.Ints("shape").Select(size => (long)size)), tensor.Name);
            if (entry.TypeName == "string") CheckStrings(reader.ReadStrings(tensor.Name), tensor);
            else CheckNumbers(reader.Read(tensor.Name), entry, tensor);
        }

        reader.Verify();
    }

    private static void CheckStrings(byte[][] strings, JsonProperty tensor) =>
        Assert.That(strings.Select(Encoding.Latin1.GetString), Is.EqualTo(tensor.Value.Get("values_latin1").EnumerateArray().Select(value => value.GetString())), tensor.Name);

    private static void CheckNumbers(NDArray array, CheckpointEntry entry, JsonProperty tensor)
    {
        Assert.That(array.shape, Is.EqualTo(entry.Shape), tensor.Name);
        object[] values = [.. Elements(array)];
        if (tensor.Value.Find("values") is { } complex)
        {
            Assert.That(values, Is.EqualTo(complex.EnumerateArray().Select(pair => new System.Numerics.Complex(pair[0].AsDouble(), pair[1].AsDouble()))), tensor.Name);
            return;
        }

        Assert.That(values, Has.Length.EqualTo(tensor.Value.Long("count")), tensor.Name);
        int[] positions = tensor.Value.Ints("sample_index");
        JsonElement[] sample = [.. tensor.Value.Get("sample").EnumerateArray()];
        for (int i = 0; i < positions.Length; i++)
        {
            Assert.That(values[positions[i]], Is.EqualTo(Expected(sample[i], values[positions[i]])), $"{tensor.Name}[{positions[i]}]");
        }

        double[] numbers = [.. values.Select(value => value is bool truth ? (truth ? 1.0 : 0) : Convert.ToDouble(value is Half half ? (double)half : value))];
        Assert.That(numbers.Sum(), Is.EqualTo(tensor.Value.Double("sum")).Within(1e-12 * tensor.Value.Double("abs_sum")), tensor.Name);
    }

    private static object Expected(JsonElement number, object like) => like switch
    {
        bool => number.GetBoolean(),
        float => number.AsFloat(),
        double => number.AsDouble(),
        Half => (Half)number.AsDouble(),
        ulong => number.GetUInt64(),
        _ => Convert.ChangeType(number.AsLong(), like.GetType()),
    };

    private static IEnumerable<object> Elements(NDArray array)
    {
        for (long i = 0; i < array.size; i++) yield return array.GetAtIndex(i);
    }

    private static void CheckCounted(string prefix, JsonElement expected)
    {
        using var reader = CheckpointReader.Open(prefix);
        Assert.That(reader.Entries, Has.Count.EqualTo(expected.Long("count")));
        long[] numbers = [.. reader.Entries.Select(entry => (long)reader.Read<float>(entry.Name).Single())];
        Assert.That(numbers.Order(), Is.EqualTo(Enumerable.Range(0, numbers.Length)));
        foreach ((CheckpointEntry entry, long number) in reader.Entries.Zip(numbers)) Assert.That(entry.Name, Does.Contain($"/{number}/"));
        foreach (JsonProperty sample in expected.Get("sample").EnumerateObject())
        {
            Assert.That(reader.Read<float>(sample.Name)[0], Is.EqualTo(sample.Value.AsFloat()), sample.Name);
        }
    }

    private sealed record Part(CheckpointEntry Tensor, TensorSliceProto? Slice, BundleEntryProto Place);
}
