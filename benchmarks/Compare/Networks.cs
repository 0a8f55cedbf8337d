using Microsoft.ML.OnnxRuntime;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>The article's network with TensorFlow's initial values of seed 1: ours, in ONNX Runtime, and in TensorFlow with variables and with constants.</summary>
internal sealed class Networks : IDisposable
{
    private readonly AlexNet net;
    private readonly Session ours;
    private readonly Session bytes;
    private readonly Session? variables;
    private readonly Session? constants;
    private readonly Tensor? constantScores;
    private readonly Tensor? constantInput;
    private readonly InferenceSession onnx;

    public Networks(bool tensorFlow)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        Operation initializer = graph.GlobalVariablesInitializer();
        ours = Open(new());
        bytes = Open(new() { Precision = Precision.Int8 });
        if (tensorFlow)
        {
            variables = Open(new() { Engine = Engine.TensorFlow });
            Graph frozen = ours.Freeze(net.Fc8);
            (constantInput, constantScores) = (frozen.GetTensor(net.Input.Name), frozen.GetTensor(net.Fc8.Name));
            constants = new Session(frozen, new() { Engine = Engine.TensorFlow });
        }

        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = Environment.ProcessorCount };
        onnx = new InferenceSession(OnnxNetwork.Build(ours), options);

        Session Open(SessionOptions options)
        {
            var session = new Session(graph, options);
            session.Run(initializer);
            return session;
        }
    }

    public static float[] Pictures(int batch)
    {
        var pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++) pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        return pictures;
    }

    public Row Compare(string name, int batch, int runs, bool bytes)
    {
        float[] pictures = Pictures(batch);
        NDArray input = ((NDArray)pictures).reshape(batch, 227, 227, 3);
        var feeds = new Feeds { [net.Input] = input };
        Session session = bytes ? this.bytes : ours;
        var peers = new List<(string, Action)> { ("onnxruntime", () => Onnx(pictures, batch)) };
        if (variables is not null) peers.Add(("tensorflow", Faster(feeds, new Feeds { [constantInput!] = input })));
        return Pairs.Time(name, runs, () => session.Run(net.Fc8, feeds).ToArray<float>(), [.. peers]);
    }

    public void Dispose()
    {
        ours.Dispose();
        bytes.Dispose();
        variables?.Dispose();
        constants?.Dispose();
        onnx.Dispose();
    }

    // TensorFlow counts with the faster of its two forms.
    private Action Faster(Feeds feeds, Feeds frozen)
    {
        Action withVariables = () => variables!.Run(net.Fc8, feeds).ToArray<float>(), withConstants = () => constants!.Run(constantScores!, frozen).ToArray<float>();
        double[] times = [.. new[] { withVariables, withConstants }.Select(run =>
        {
            run();
            return Enumerable.Range(0, 3).Min(_ => Pairs.Milliseconds(run));
        })];
        return times[0] <= times[1] ? withVariables : withConstants;
    }

    private float[] Onnx(float[] pictures, int batch)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pictures, [batch, 227, 227, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = onnx.Run(options, ["pictures"], [input], onnx.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
