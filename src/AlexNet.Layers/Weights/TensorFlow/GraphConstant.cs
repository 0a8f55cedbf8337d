namespace AlexNetTF.Weights;

/// <summary>A Const node of a TensorFlow graph.</summary>
internal sealed record GraphConstant(string Name, TensorLayout Layout, StoredTensor? Values);

/// <summary>What the reader needs of a TensorFlow graph.</summary>
internal sealed class GraphContent
{
    public List<GraphConstant> Constants { get; } = [];

    public int Nodes { get; set; }

    /// <summary>The place of the first LRN among the nodes; null where there is none.</summary>
    public int? FirstNormalization { get; set; }

    /// <summary>The place of the first MaxPool; null where there is none.</summary>
    public int? FirstPooling { get; set; }

    /// <summary>The first node that keeps its value elsewhere; null where the graph is frozen.</summary>
    public string? Variable { get; set; }
}
