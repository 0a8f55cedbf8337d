using System.Runtime.InteropServices;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Onnx;

/// <summary>The whole networks as models: ONNX run by ONNX Runtime, TensorFlow's by import; all read back as weight files.</summary>
[NonParallelizable]
public sealed class ModelTests
{
    private const int Classes = 20;

    [Test]
    public void ModelsRunElsewhereAndTheVariablesAreReadBack([Values] Topology topology)
    {
        using Net net = new(topology);
        Check(net, new OnnxExportOptions());
        // Each takes seconds: the other layout and the other place of the weights with one network, the frozen graph with another.
        if (topology == Topology.OneWeirdTrick) Check(net, new OnnxExportOptions { Layout = OnnxLayout.Nchw, ExternalData = true });
        if (topology == Topology.Bvlc) CheckFrozen(net);
        if (topology == Topology.Article) CheckSavedModel(net);
    }

    private static void CheckFrozen(Net net)
    {
        using var folder = new TempFolder();
        net.Layers.ExportGraphDef(net.Session, folder["m.pb"]);
        RequireSameVariables(net, folder["m.pb"]);
        var graph = new Graph();
        IReadOnlyList<Fetch> found = graph.ImportGraphDef(folder["m.pb"], returnElements: ["x:0", "keep_prob:0", net.Layers.Fc8.Name]);
        using var session = new Session(graph);
        NDArray pictures = net.Pictures(2), expected = net.Session.Run(net.Layers.Fc8, net.Feeds(pictures));
        NDArray scores = session.Run(found[2].Tensor!, new Feeds { [found[0].Tensor!] = pictures, [found[1].Tensor!] = 1f });
        Assert.That(scores.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()), "the same graph gives the same bits");
    }

    private static void CheckSavedModel(Net net)
    {
        using var folder = new TempFolder();
        net.Layers.ExportSavedModel(net.Session, folder["m/1"]);
        RequireSameVariables(net, folder["m/1"]);
        ModelSignature signature = SavedModels.ReadSignatures(folder["m/1"]).Single();
        using Session session = SavedModels.Load(folder["m/1"]);
        Tensor Named(string name) => session.Graph.GetTensor(name);
        NDArray pictures = net.Pictures(2), expected = net.Session.Run(net.Layers.Probabilities, net.Feeds(pictures));
        NDArray found = session.Run(Named(signature.Outputs["probabilities"]), new Feeds { [Named(signature.Inputs["images"])] = pictures });
        Assert.That(found.ToArray<float>(), Is.EqualTo(expected.ToArray<float>()), "the same graph gives the same bits");
        Assert.That(() => net.Layers.ExportSavedModel(net.Session, folder["m/1"]), Throws.InstanceOf<AlexNetException>().With.Message.Contains("exists"));
    }

    private static void Check(Net net, OnnxExportOptions options)
    {
        using var folder = new TempFolder();
        net.Layers.ExportOnnx(net.Session, folder["m.onnx"], options);
        Assert.That(File.Exists(folder["m.onnx.data"]), Is.EqualTo(options.ExternalData == true));
        if (options.ExternalData == true) Assert.That(new FileInfo(folder["m.onnx"]).Length, Is.LessThan(100_000), "the weights lie beside the model");
        using var model = new OnnxRun(folder["m.onnx"]);
        Assert.That(model.Facts["topology"], Is.EqualTo(net.Layers.Topology.ToString()));
        foreach (int batch in (int[])[1, 3])
        {
            NDArray pictures = net.Pictures(batch);
            NDArray[] expected = net.Session.Run([net.Layers.Fc8, net.Layers.Probabilities], net.Feeds(pictures));
            bool first = options.Layout == OnnxLayout.Nchw;
            float[] input = (first ? pictures.transpose([0, 3, 1, 2]).copy() : pictures).ToArray<float>();
            var found = model.Run("images", input, first ? [batch, 3, net.Size, net.Size] : [batch, net.Size, net.Size, 3]);
            Agree(found["scores"], expected[0]);
            Agree(found["probabilities"], expected[1]);
        }

        RequireSameVariables(net, folder["m.onnx"]);
    }

    private static void RequireSameVariables(Net net, string path)
    {
        using WeightSource source = WeightFile.Open(path);
        Assert.That(source.Hints.Topology, Is.EqualTo(net.Layers.Topology.ToString()));
        if (path.EndsWith(".onnx", StringComparison.Ordinal)) Assert.That(source.Hints.Notes, Is.Empty);
        Variable[] variables = [.. net.Layers.Graph.GlobalVariables()];
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(variables.Select(variable => variable.Op.Name)));
        foreach (Variable variable in variables)
        {
            float[] expected = net.Session.Run(variable.Value).ToArray<float>(), found = source.Read(source.Entries.Single(entry => entry.Name == variable.Op.Name));
            Assert.That(MemoryMarshal.AsBytes<float>(found).SequenceEqual(MemoryMarshal.AsBytes<float>(expected)), variable.Op.Name);
        }
    }

    [Test]
    public void AConstantPictureIsRefused()
    {
        var graph = new Graph();
        var net = new AlexNet(new NDArray(NPTypeCode.Single, new NumSharp.Shape(1, 227, 227, 3)), 1f, 10, graph: graph);
        using var session = new Session(graph);
        Assert.That(() => net.ExportOnnx(session, "m.onnx"), Throws.TypeOf<GraphException>().With.Message.Contains("placeholder"));
    }

    private static void Agree((long[] Shape, float[] Values) found, NDArray expected)
    {
        GoldenTensor golden = GoldenTensor.Of<float>(expected.ToArray<float>(), NDArrays.DimsOf(expected));
        golden.AssertEqual(found.Values, [.. found.Shape.Select(size => (int)size)], Tolerance.OfLargest(golden, 1e-5));
    }

    private sealed class Net : IDisposable
    {
        public Net(Topology topology)
        {
            var graph = new Graph();
            graph.SetRandomSeed(1);
            Size = topology == Topology.OneWeirdTrick ? 224 : 227;
            Tensor x = graph.Placeholder(DType.Float32, new Shape(null, Size, Size, 3), "x");
            Layers = new AlexNet(x, graph.Placeholder(DType.Float32, AlexNetTF.Shape.Scalar, "keep_prob"), Classes, topology: topology);
            Session = new Session(graph);
            foreach (Variable variable in graph.GlobalVariables())
            {
                int[] shape = variable.Shape.ToArray();
                double range = shape.Length == 1 ? 0.1 : Math.Sqrt(6.0 / (variable.Shape.ElementCount!.Value / shape[^1]));
                variable.Load(TensorData.Of<float>(Recipe.Fill(variable.Op.Name, variable.Shape.ElementCount!.Value, -range, range), shape).ToNDArray(), Session);
            }
        }

        public AlexNet Layers { get; }

        public Session Session { get; }

        public int Size { get; }

        public NDArray Pictures(int batch) => TensorData.Of<float>(Recipe.Fill("pictures", (long)batch * Size * Size * 3, -100, 100), [batch, Size, Size, 3]).ToNDArray();

        public Feeds Feeds(NDArray pictures) => new() { [Layers.Input] = pictures, [Layers.KeepProb] = 1f };

        public void Dispose() => Session.Dispose();
    }
}
