namespace AlexNetTF.Benchmarks;

/// <summary>What only a fresh process shows: the first answer's time, and memory at its peak.</summary>
internal static class Processes
{
    /// <summary>From the start of a process to its first scores: ours from a safetensors file (plain numbers, as in the published .npy; the .npy written here holds them as text), ONNX Runtime's from a model with its weights beside it.</summary>
    public static Row FirstAnswer(int runs) => WithFiles((weights, onnx) =>
    {
        List<double> ours = [], theirs = [];
        for (int i = -1; i < runs; i++)
        {
            double own = Clock.Milliseconds(() => ChildProcess.Run("ours", weights)), peer = Clock.Milliseconds(() => ChildProcess.Run("onnxruntime", onnx));
            if (i < 0) continue; // fills the system's cache of files
            ours.Add(own);
            theirs.Add(peer);
        }

        return new Row("cold", Clock.Median(ours), "ms", [new("onnxruntime", Clock.Median(theirs), Clock.Median(theirs.Zip(ours, (peer, own) => peer / own)))]);
    });

    /// <summary>The peak of a process that classifies one photograph, against the bytes of its weights.</summary>
    public static Row Memory() => WithFiles((weights, _) => Bytes("memory", ChildProcess.Run("classify", weights), ("weights", new FileInfo(weights).Length)));

    /// <summary>The peak of a process that does two training steps of 32 on all layers.</summary>
    public static Row StepMemory(bool tensorFlow) =>
        Bytes("step-memory", ChildProcess.Run("step", nameof(Engine.Managed)), tensorFlow ? [("tensorflow", ChildProcess.Run("step", nameof(Engine.TensorFlow)))] : []);

    private static Row Bytes(string name, double ours, params (string Peer, double Value)[] peers) =>
        new(name, ours / 1e6, "MB", [.. peers.Select(peer => new PeerValue(peer.Peer, peer.Value / 1e6, peer.Value / ours))]);

    private static Row WithFiles(Func<string, string, Row> measure)
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-compare-").FullName;
        try
        {
            string weights = Path.Combine(folder, "weights.safetensors"), onnx = Path.Combine(folder, "model.onnx");
            var graph = new Graph();
            graph.SetRandomSeed(1);
            var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
            using (var session = new Session(graph))
            {
                session.Run(graph.GlobalVariablesInitializer());
                WeightSaver.Save(session, weights, WeightFormat.Safetensors);
                net.ExportOnnx(session, onnx, new OnnxExportOptions { ExternalData = true });
            }

            return measure(weights, onnx);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
