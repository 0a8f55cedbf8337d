using Microsoft.ML.OnnxRuntime;

namespace AlexNetTF.Tests.Onnx;

/// <summary>Runs a model with ONNX Runtime, which checks it against the standard first.</summary>
internal sealed class OnnxRun : IDisposable
{
    private readonly InferenceSession session;

    public OnnxRun(string path)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        session = new InferenceSession(path, options);
    }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => session.InputMetadata;

    public IReadOnlyDictionary<string, string> Facts => session.ModelMetadata.CustomMetadataMap;

    /// <summary>The outputs' values by name, each with its sizes.</summary>
    public Dictionary<string, (long[] Shape, float[] Values)> Run<T>(string input, T[] values, params long[] shape)
        where T : unmanaged => Run([(input, OrtValue.CreateTensorValueFromMemory(values, shape))]);

    private Dictionary<string, (long[] Shape, float[] Values)> Run((string Name, OrtValue Value)[] inputs)
    {
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results =
            session.Run(options, [.. inputs.Select(input => input.Name)], [.. inputs.Select(input => input.Value)], session.OutputNames);
        Dictionary<string, (long[] Shape, float[] Values)> found = [];
        for (int i = 0; i < results.Count; i++)
        {
            OrtValue value = results[i];
            found.Add(session.OutputNames[i], (value.GetTensorTypeAndShape().Shape, Floats(value)));
        }

        foreach ((_, OrtValue value) in inputs) value.Dispose();
        return found;
    }

    public void Dispose() => session.Dispose();

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType switch
    {
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => [.. value.GetTensorDataAsSpan<long>().ToArray().Select(item => (float)item)],
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 => [.. value.GetTensorDataAsSpan<int>().ToArray().Select(item => (float)item)],
        _ => value.GetTensorDataAsSpan<float>().ToArray(),
    };
}
