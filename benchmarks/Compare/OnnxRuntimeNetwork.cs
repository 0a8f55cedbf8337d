using Microsoft.ML.OnnxRuntime;

namespace AlexNetTF.Benchmarks;

/// <summary>The same network in ONNX Runtime: a plain export, all optimisations, all cores.</summary>
internal sealed class OnnxRuntimeNetwork : ISide
{
    private readonly InferenceSession _session;

    public OnnxRuntimeNetwork()
    {
        using var own = new OwnNetwork();
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = Environment.ProcessorCount };
        _session = new InferenceSession(OnnxNetwork.Build(own.Floats), options);
    }

    public Action Call(string row)
    {
        int batch = BatchRow.Parse(row).Batch;
        float[] pictures = OwnNetwork.Pictures(batch);
        return () => Run(_session, pictures, batch);
    }

    public static float[] Run(InferenceSession session, float[] pictures, int batch)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pictures, [batch, 227, 227, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, session.InputNames, [input], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
