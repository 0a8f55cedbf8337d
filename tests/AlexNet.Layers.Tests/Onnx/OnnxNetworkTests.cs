using System.Runtime.InteropServices;
using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.Tests.Onnx;

/// <summary>The whole networks as ONNX models: run by ONNX Runtime, and read back as weight files.</summary>
[NonParallelizable]
public sealed class OnnxNetworkTests
{
    private const int Classes = 20;

    [Test]
    public void OnnxRuntimeAgreesAndTheVariablesAreReadBack([Values] Topology topology)
    {
        using Net net = new(topology);
        Check(net, new OnnxExportOptions());
        Check(net, new OnnxExportOptions { Layout = OnnxLayout.Nchw, ExternalData = true });
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
        Assert.That(source.Hints.Notes, Is.Empty);
        Variable[] variables = [.. net.Layers.Graph.GlobalVariables()];
        Assert.That(source.Entries.Select(entry => entry.Name), Is.EquivalentTo(variables.Select(variable => variable.Op.Name)));
        foreach (Variable variable in variables)
        {
            float[] expected = net.Session.Run(variable.Value).ToArray<float>(), found = source.Read(source.Entries.Single(entry => entry.Name == variable.Op.Name));
            Assert.That(MemoryMarshal.AsBytes<float>(found).SequenceEqual(MemoryMarshal.AsBytes<float>(expected)), variable.Op.Name);
        }
    }

    [Test]
    public void PixelsArePreparedInTheModel([Values(OnnxLayout.Nhwc)] OnnxLayout layout)
    {
        using Net net = new(Topology.OneWeirdTrick);
        using var folder = new TempFolder();
        var preprocessing = new OnnxPreprocessing(ReverseChannels: true, 255, [0.4f, 0.45f, 0.5f], [0.2f, 0.3f, 0.25f]);
        net.Layers.ExportOnnx(net.Session, folder["m.onnx"], new OnnxExportOptions { Layout = layout, Preprocessing = preprocessing });
        byte[] rgb = Recipe.Bytes("pixels", 2L * net.Size * net.Size * 3);
        var pictures = new float[rgb.Length];
        for (int i = 0; i < rgb.Length; i++)
        {
            int channel = 2 - (i % 3);
            pictures[i - (i % 3) + channel] = ((rgb[i] / preprocessing.Divisor) - preprocessing.Mean[channel]) / preprocessing.Deviation[channel];
        }

        NDArray expected = net.Session.Run(net.Layers.Fc8, net.Feeds(TensorData.Of<float>(pictures, [2, net.Size, net.Size, 3]).ToNDArray()));
        using var model = new OnnxRun(folder["m.onnx"]);
        bool first = layout == OnnxLayout.Nchw;
        byte[] pixels = first ? ChannelsFirst(rgb, net.Size) : rgb;
        Agree(model.Run("images", pixels, first ? [2, 3, net.Size, net.Size] : [2, net.Size, net.Size, 3])["scores"], expected);
    }

    [Test]
    public void AConstantPictureIsRefused()
    {
        var graph = new Graph();
        var net = new AlexNet(new NDArray(NPTypeCode.Single, new NumSharp.Shape(1, 227, 227, 3)), 1f, 10, graph: graph);
        using var session = new Session(graph);
        Assert.That(() => net.ExportOnnx(session, "m.onnx"), Throws.TypeOf<GraphException>().With.Message.Contains("placeholder"));
    }

    private static byte[] ChannelsFirst(byte[] pixels, int size)
    {
        var result = new byte[pixels.Length];
        int area = size * size;
        for (int i = 0; i < pixels.Length; i++)
        {
            int picture = i / (3 * area), place = i / 3 % area;
            result[(picture * 3 * area) + (i % 3 * area) + place] = pixels[i];
        }

        return result;
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
