using Microsoft.ML.OnnxRuntime;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>The article's network with TensorFlow's initial values of seed 1, here and in ONNX Runtime, on the same pictures.</summary>
internal sealed class Peers : IDisposable
{
    private readonly Session session;
    private readonly AlexNet net;
    private readonly InferenceSession onnx;
    private Feeds feeds = [];
    private float[] pictures = [];
    private long[] shape = [];

    public Peers(int threads)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        session = new Session(graph, new SessionOptions { Threads = threads });
        session.Run(graph.GlobalVariablesInitializer());
        // Its best set-up: all optimisations, as many threads as here.
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads == 0 ? Environment.ProcessorCount : threads,
        };
        onnx = new InferenceSession(OnnxNetwork.Build(session), options);
    }

    public void SetBatch(int batch)
    {
        pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++) pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        shape = [batch, 227, 227, 3];
        NDArray input = pictures;
        feeds = new Feeds { [net.Input] = input.reshape(batch, 227, 227, 3) };
    }

    public float[] Ours() => session.Run(net.Fc8, feeds).ToArray<float>();

    public float[] OnnxRuntime()
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pictures, shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = onnx.Run(options, ["pictures"], [input], onnx.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        session.Dispose();
        onnx.Dispose();
    }
}
