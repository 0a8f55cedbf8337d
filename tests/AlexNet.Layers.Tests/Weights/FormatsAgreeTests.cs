using System.IO.Compression;
using System.Runtime.InteropServices;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>One set of weights, written in every format's own layout, comes back as the same bits in TensorFlow's.</summary>
public sealed class FormatsAgreeTests
{
    private static readonly Layer[] Net = [.. Enumerable.Range(0, 8).Select(Layer.Make)];

    private static IEnumerable<TestCaseData> Formats()
    {
        List<(string Name, Action<string> Write)> formats =
        [
            ("pickled dictionary", path => WeightFile.WriteNpyDictionary(path, Values())),
            ("npz", path => WeightFile.WriteNpz(path, Values())),
            ("npz, deflated", WriteDeflated),
            ("safetensors", path => WeightFile.WriteSafetensors(path, Values())),
            ("safetensors with PyTorch's names", WriteTorchSafetensors),
            ("Caffe", WriteCaffe),
            ("ONNX", WriteOnnx),
            ("PyTorch", WriteTorch),
            ("frozen graph", WriteGraph),
            ("TensorFlow checkpoint", WriteCheckpoint),
        ];
        return formats.Select(format => new TestCaseData(format.Write).SetArgDisplayNames(format.Name));
    }

    [TestCaseSource(nameof(Formats))]
    public void Every_format_gives_the_same_bits(Action<string> write)
    {
        using var folder = new TempFolder();
        write(folder["weights"]);
        using WeightSource source = WeightFile.Open(folder["weights"]);
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(Values().Select(tensor => tensor.Name)));
        foreach (WeightValues expected in Values())
        {
            WeightEntry entry = source.Entries.Single(entry => entry.Name == expected.Name);
            Assert.That(entry.Shape, Is.EqualTo(expected.Shape), entry.Name);
            Assert.That(MemoryMarshal.AsBytes<float>(source.Read(entry)).SequenceEqual(MemoryMarshal.AsBytes(expected.Values.Span)), entry.Name);
        }
    }

    private static List<WeightValues> Values() => [.. Net.SelectMany(layer => (WeightValues[])
    [
        new(layer.Name, "weights", layer.Shape, layer.Weights),
        new(layer.Name, "biases", [layer.Biases.Length], layer.Biases),
    ])];

    private static void WriteDeflated(string path)
    {
        using var plain = new TempFolder();
        WeightFile.WriteNpz(plain["x"], Values());
        using ZipArchive from = ZipFile.OpenRead(plain["x"]);
        using var to = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (ZipArchiveEntry member in from.Entries)
        {
            using Stream source = member.Open();
            using Stream copy = to.CreateEntry(member.FullName, CompressionLevel.Optimal).Open();
            source.CopyTo(copy);
        }
    }

    private static void WriteTorchSafetensors(string path)
    {
        // The writer knows no PyTorch; its metadata are cut out, so that the names decide.
        using var plain = new TempFolder();
        WeightFile.WriteSafetensors(plain["x"], [.. Net.SelectMany(layer => (WeightValues[])
        [
            new("", layer.TorchName + ".weight", layer.StoredShape, layer.Stored),
            new("", layer.TorchName + ".bias", [layer.Biases.Length], layer.Biases),
        ])]);
        byte[] bytes = File.ReadAllBytes(plain["x"]);
        const string metadata = "\"__metadata__\":{\"format\":\"tf\"},";
        int at = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(metadata));
        bytes.AsSpan(at, metadata.Length).Fill((byte)' ');
        File.WriteAllBytes(path, bytes);
    }

    private static void WriteCaffe(string path) => File.WriteAllBytes(path, [.. Net.SelectMany(layer => Proto.Bytes(100, CaffeFile.LayerOf(
        layer.Name,
        layer.IsConvolution ? "Convolution" : "InnerProduct",
        [([.. layer.StoredShape.Select(d => (int)d)], layer.Stored), ([layer.Biases.Length], layer.Biases)])))]);

    private static void WriteOnnx(string path)
    {
        var graph = new List<byte>();
        string last = "x";
        foreach (Layer layer in Net)
        {
            if (layer.Name == "fc6")
            {
                graph.AddRange(Proto.Bytes(1, OnnxFile.Node("Flatten", [last], last = "flat")));
            }

            graph.AddRange(Proto.Bytes(5, OnnxFile.Floats(layer.Name + "_w_0", layer.StoredShape, layer.Stored)));
            graph.AddRange(Proto.Bytes(5, OnnxFile.Floats(layer.Name + "_b_0", [layer.Biases.Length], layer.Biases)));
            string[] inputs = [last, layer.Name + "_w_0", layer.Name + "_b_0"];
            last = layer.Name;
            graph.AddRange(Proto.Bytes(1, layer.IsConvolution
                ? OnnxFile.Node("Conv", inputs, last)
                : [.. OnnxFile.Node("Gemm", inputs, last), .. Proto.Bytes(5, [.. Proto.Text(1, "transB"), .. Proto.Integer(3, 1)])]));
        }

        File.WriteAllBytes(path, OnnxFile.Model([.. graph]));
    }

    private static void WriteTorch(string path) => TorchFile.SaveMembers(
        path,
        TorchFile.Dictionary([.. Net.SelectMany((layer, i) => ((string, string)[])
        [
            (layer.TorchName + ".weight", TorchFile.Tensor($"{2 * i}", layer.StoredShape)),
            (layer.TorchName + ".bias", TorchFile.Tensor($"{(2 * i) + 1}", [layer.Biases.Length])),
        ])]),
        [.. Net.SelectMany((layer, i) => ((string, byte[])[])
        [
            ($"x/data/{2 * i}", MemoryMarshal.AsBytes<float>(layer.Stored).ToArray()),
            ($"x/data/{(2 * i) + 1}", MemoryMarshal.AsBytes<float>(layer.Biases).ToArray()),
        ])]);

    private static void WriteCheckpoint(string path)
    {
        using var writer = new CheckpointWriter(path);
        foreach (WeightValues tensor in Values()) writer.Add(tensor.Name, tensor.Values.Span, [.. tensor.Shape]);
        writer.Commit();
    }

    private static void WriteGraph(string path) => File.WriteAllBytes(path, [.. Values().SelectMany(tensor =>
    {
        byte[] shape = [.. tensor.Shape.SelectMany(d => Proto.Bytes(2, Proto.Integer(1, d)))];
        byte[] proto = [.. Proto.Integer(1, 1), .. Proto.Bytes(2, shape), .. Proto.Bytes(4, MemoryMarshal.AsBytes(tensor.Values.Span).ToArray())];
        byte[] attribute = [.. Proto.Text(1, "value"), .. Proto.Bytes(2, Proto.Bytes(8, proto))];
        return Proto.Bytes(1, [.. Proto.Text(1, tensor.Name), .. Proto.Text(2, "Const"), .. Proto.Bytes(5, attribute)]);
    })]);

    /// <summary>A layer in TensorFlow's layout and in the one that Caffe, ONNX and PyTorch share, transposed element by element.</summary>
    private sealed record Layer(string Name, string TorchName, long[] Shape, float[] Weights, long[] StoredShape, float[] Stored, float[] Biases)
    {
        // Outputs per layer; the fifth convolution's picture has 2 × 3 positions.
        private static readonly int[] Outputs = [4, 6, 5, 8, 7, 10, 9, 3];
        private const int Positions = 6;

        public bool IsConvolution => Shape.Length == 4;

        public static Layer Make(int index)
        {
            bool isConvolution = index < 5;
            string name = (isConvolution ? "conv" : "fc") + (index + 1);
            string torch = isConvolution ? $"features.{3 * index}" : $"classifier.{(2 * index) - 9}";
            int outputs = Outputs[index], inputs = index == 0 ? 3 : index == 5 ? Positions * Outputs[4] : Outputs[index - 1];
            long[] shape = isConvolution ? [3, 2, inputs, outputs] : [inputs, outputs];
            float[] weights = Recipe.Fill($"agree/{name}/weights", shape.Aggregate(1L, (a, b) => a * b), -1, 1);
            float[] stored = new float[weights.Length];
            for (int at = 0; at < weights.Length; at++)
            {
                stored[StoredIndex(at, index, inputs, outputs)] = weights[at];
            }

            long[] storedShape = isConvolution ? [outputs, inputs, 3, 2] : [outputs, inputs];
            return new Layer(name, torch, shape, weights, storedShape, stored, Recipe.Fill($"agree/{name}/biases", outputs, -1, 1));
        }

        private static int StoredIndex(int at, int index, int inputs, int outputs)
        {
            int output = at % outputs, input = at / outputs;
            if (index < 5)
            {
                (int position, int channel) = (input / inputs, input % inputs);
                return (((output * inputs) + channel) * 6) + position;
            }

            if (index == 5)
            {
                (int position, int channel) = (input / Outputs[4], input % Outputs[4]);
                input = (channel * Positions) + position;
            }

            return (output * inputs) + input;
        }
    }
}
