using System.Text.RegularExpressions;

namespace AlexNetTF.Weights;

/// <summary>Names for the layers of an ONNX graph.</summary>
internal static partial class OnnxNames
{
    private const int Convolutions = 5, Layers = 8;

    /// <summary>
    /// The names in the file where all tell (conv1 …, fc6 …); conv1 to fc8 in the graph's order where the graph is
    /// AlexNet's; else the file's names where they differ, or the order.
    /// </summary>
    public static string[] Of(List<OnnxLayer> layers)
    {
        string[] stored = [.. layers.Select(layer => LayerNames.Split(layer.Weights.Name).Layer)];
        string[] counted = [.. layers.Select((layer, i) => $"{(layer.IsConvolution ? "conv" : "fc")}{i + 1}")];
        bool differ = stored.All(name => name.Length > 0) && stored.Distinct(StringComparer.Ordinal).Count() == stored.Length;
        if (differ && stored.All(name => Telling().IsMatch(name)))
        {
            return stored;
        }

        return IsAlexNet(layers) || !differ ? counted : stored;
    }

    /// <summary>Five convolutions, then three dense layers.</summary>
    public static bool IsAlexNet(List<OnnxLayer> layers) =>
        layers.Count == Layers && layers.TakeWhile(layer => layer.IsConvolution).Count() == Convolutions
        && layers.Skip(Convolutions).All(layer => !layer.IsConvolution);

    [GeneratedRegex(@"^(conv|fc)\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Telling();
}
