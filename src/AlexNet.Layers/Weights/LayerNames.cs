namespace AlexNetTF.Weights;

/// <summary>How the names in weight files are read as layer and parameter.</summary>
internal static class LayerNames
{
    public const string Weights = "weights";
    public const string Biases = "biases";

    /// <summary>The article's name of a parameter: weights or biases for their usual spellings, any other as it is.</summary>
    public static string Parameter(string name) => name switch
    {
        "weights" or "weight" or "w" or "W" or "kernel" or "filter" => Weights,
        "biases" or "bias" or "b" or "B" => Biases,
        _ => name,
    };

    /// <summary>
    /// Splits a flat name: at the last slash; else at the last dot or before a last underscore where a usual
    /// spelling of a parameter follows (conv1.weight, conv1_W, conv1_w_0). A name without a layer is all parameter.
    /// </summary>
    public static (string Layer, string Parameter) Split(string name)
    {
        int slash = name.LastIndexOf('/');
        if (slash >= 0)
        {
            return (name[..slash], Parameter(WithoutOutput(name[(slash + 1)..])));
        }

        foreach (string candidate in (string[])[name, WithoutIndex(name)])
        {
            int at = Math.Max(candidate.LastIndexOf('.'), candidate.LastIndexOf('_'));
            if (at > 0 && Parameter(candidate[(at + 1)..]) is Weights or Biases)
            {
                return (candidate[..at], Parameter(candidate[(at + 1)..]));
            }
        }

        return ("", Parameter(name));
    }

    /// <summary>TensorFlow 2's Keras writes kernel:0.</summary>
    private static string WithoutOutput(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    /// <summary>The ONNX model zoo writes conv1_w_0.</summary>
    private static string WithoutIndex(string name) => name.EndsWith("_0", StringComparison.Ordinal) ? name[..^2] : name;
}
