using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>What an ONNX graph tells besides its weights: its order of normalisation and pooling, its input, its padding.</summary>
internal static class OnnxHints
{
    private const int ArticleInput = 227;

    // The article's padding per convolution, in pixels on each side.
    private static readonly int[] ArticlePadding = [0, 2, 1, 1, 1];

    public static WeightHints Of(OnnxGraph graph, List<OnnxLayer> layers, List<string> notes)
    {
        if (!OnnxNames.IsAlexNet(layers))
        {
            return new WeightHints { Notes = notes };
        }

        int norm = graph.Nodes.FindIndex(node => node.Op == "LRN");
        int pool = graph.Nodes.FindIndex(node => node.Op == "MaxPool");
        bool isGrouped = layers.Any(layer => layer.Node.Integer("group", 1) > 1);
        (string? network, string? topology) = (norm, pool, isGrouped) switch
        {
            ( >= 0, >= 0, true) when norm < pool => ("bvlc_alexnet", "Bvlc"),
            ( >= 0, >= 0, true) => ("bvlc_reference_caffenet", "Article"),
            ( < 0, _, false) => ("torchvision's AlexNet", "OneWeirdTrick"),
            _ => ((string?)null, (string?)null),
        };
        if (topology is "Bvlc" or "Article")
        {
            AddDifferences(graph, layers, notes);
        }

        return new WeightHints { Network = network, Topology = topology, Notes = notes };
    }

    /// <summary>Where the model's own graph computes something else than the article's with the same weights.</summary>
    private static void AddDifferences(OnnxGraph graph, List<OnnxLayer> layers, List<string> notes)
    {
        (long height, long width) = graph.Inputs switch
        {
            [(_, [_, long first, long second, 3]), ..] => (first, second),
            [(_, [_, _, long first, long second]), ..] => (first, second),
            _ => (0, 0),
        };
        if ((height, width) is ( > 0, > 0) and not (ArticleInput, ArticleInput))
        {
            notes.Add($"the model's own graph takes pictures of {height}×{width}; the article's takes {ArticleInput}×{ArticleInput}");
        }

        for (int i = 0; i < ArticlePadding.Length; i++)
        {
            AddPadding(layers[i].Node, $"conv{i + 1}", ArticlePadding[i], notes);
        }

        int pooling = 0;
        foreach (OnnxNode pool in graph.Nodes.Where(node => node.Op == "MaxPool"))
        {
            pooling++;
            AddPadding(pool, $"its pooling layer {pooling}", 0, notes);
        }
    }

    private static void AddPadding(OnnxNode node, string what, int expected, List<string> notes)
    {
        IReadOnlyList<long> pads = node.Integers("pads") is { Count: > 0 } stated ? stated : [0, 0, 0, 0];
        if (pads.Any(pad => pad != expected))
        {
            string text = string.Join(", ", pads.Select(pad => pad.ToString(CultureInfo.InvariantCulture)));
            notes.Add($"the model's own graph pads {what} by {text} (top, left, bottom, right), the article's by {expected}: values at the border differ");
        }
    }
}
