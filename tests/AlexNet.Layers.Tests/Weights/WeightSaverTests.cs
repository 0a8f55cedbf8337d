using System.Runtime.InteropServices;
using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Weights;

/// <summary>A session's variables, written in every format, come back into another session as the same bits.</summary>
public sealed class WeightSaverTests
{
    private static IEnumerable<TestCaseData> Formats() =>
        Enum.GetValues<WeightFormat>()
            .Select(format => ($"{format}", (Action<Net, string>)((net, path) => WeightSaver.Save(net.Session, path, format))))
            .Append(("Onnx", (net, path) => net.Session.ExportOnnx(path, [new("x", net.Input)], [new("y", net.Output)])))
            .Append(("Onnx with external data", (net, path) =>
                net.Session.ExportOnnx(path, [new("x", net.Input)], [new("y", net.Output)], options: new OnnxExportOptions { ExternalData = true, Layout = OnnxLayout.Nchw })))
            .Append(("Frozen graph", (net, path) => net.Session.Freeze(net.Output).Save(path)))
            .Select(format => new TestCaseData(format.Item2).SetArgDisplayNames(format.Item1));

    [TestCaseSource(nameof(Formats))]
    public void TheSameBitsComeBack(Action<Net, string> save)
    {
        using var folder = new TempFolder();
        using var net = new Net(1);
        using var other = new Net(2);
        save(net, folder["w"]);
        WeightReport report = WeightLoader.Load(other.Session, folder["w"]);
        Assert.That(report.Loaded.Count(), Is.EqualTo(16));
        Assert.That(report.Unexpected, Is.Empty);
        Assert.That(other.Bits(), Is.EqualTo(net.Bits()));
        Assert.That(Directory.GetFiles(folder.Path, "*.tmp*"), Is.Empty);
    }

    [Test]
    public void SafetensorsTellTheTopology()
    {
        using var folder = new TempFolder();
        using var net = new Net(1);
        WeightSaver.Save(net.Session, folder["w"], WeightFormat.Safetensors, "Bvlc");
        using WeightSource source = WeightFile.Open(folder["w"]);
        Assert.That(source.Hints.Topology, Is.EqualTo("Bvlc"));
    }

    [Test]
    public void AVariableWithoutAValueLeavesNoFile([Values] WeightFormat format)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 3), "x");
        _ = x.Fc(3, 2, "fc1");
        using var session = new Session(graph);
        using var folder = new TempFolder();
        Assert.That(() => WeightSaver.Save(session, folder["w"], format), Throws.TypeOf<RunException>().With.Message.Contains("fc1/"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void AGraphWithoutLayersIsRefused()
    {
        using var session = new Session(new Graph());
        Assert.That(() => WeightSaver.Save(session, "w", WeightFormat.Npy), Throws.TypeOf<GraphException>());
    }

    /// <summary>Eight layers called as AlexNet's, small.</summary>
    public sealed class Net : IDisposable
    {
        public Net(long seed)
        {
            var graph = new Graph();
            graph.SetRandomSeed(seed);
            Input = graph.Placeholder(DType.Float32, new Shape(null, 12, 12, 3), "x");
            Tensor conv2 = Input.Conv(3, 4, 1, "conv1").MaxPool(3, 2, "pool1").Conv(5, 6, 1, "conv2", groups: 2);
            Tensor conv5 = conv2.Conv(3, 8, 2, "conv3").Conv(3, 8, 1, "conv4", groups: 2).Conv(3, 6, 1, "conv5", groups: 2);
            Tensor fc7 = ArrayOps.Reshape(conv5, [-1, 3 * 3 * 6]).Fc(3 * 3 * 6, 10, "fc6").Fc(10, 9, "fc7");
            Output = fc7.Fc(9, 5, "fc8", relu: false);
            Session = new Session(graph);
            foreach (Variable variable in graph.GlobalVariables())
            {
                variable.Load(TensorData.Of<float>(Recipe.Fill($"{seed}/{variable.Op.Name}", variable.Shape.ElementCount!.Value, -1, 1), variable.Shape.ToArray()).ToNDArray(), Session);
            }
        }

        public Tensor Input { get; }

        public Tensor Output { get; }

        public Session Session { get; }

        /// <summary>All variables' bytes, in hexadecimal digits.</summary>
        public string[] Bits() => [.. Session.Graph.GlobalVariables().Select(variable =>
            variable.Op.Name + " " + Convert.ToHexString(MemoryMarshal.AsBytes<float>(Session.Run(variable.Value).ToArray<float>())))];

        public void Dispose() => Session.Dispose();
    }
}
