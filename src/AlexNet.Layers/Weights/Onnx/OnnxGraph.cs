namespace AlexNetTF.Weights;

/// <summary>A tensor that an ONNX model keeps: an initialiser, or the value of a Constant node.</summary>
/// <param name="Name">The name by which nodes take it.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Where its values are; null for types that weights do not have (text, complex).</param>
/// <param name="IsInitializer">False for the value of a Constant node.</param>
internal sealed record OnnxTensor(string Name, long[] Shape, StoredTensor? Values, bool IsInitializer);

/// <summary>A node with those of its attributes that tell how weights are laid out.</summary>
internal sealed record OnnxNode(string Op, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    public long Integer(string attribute, long otherwise) => Attributes.GetValueOrDefault(attribute)?.Integer ?? otherwise;

    public float Real(string attribute) => Attributes.GetValueOrDefault(attribute)?.Real ?? 1;

    public IReadOnlyList<long> Integers(string attribute) => Attributes.GetValueOrDefault(attribute)?.Integers ?? [];

    /// <summary>The first output, by which messages name the node.</summary>
    public string Output => Outputs.Count > 0 ? Outputs[0] : "";

    /// <summary>Input <paramref name="index"/>; null where it is left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;
}

internal sealed record OnnxAttribute(long? Integer, float? Real, IReadOnlyList<long> Integers);

/// <summary>What the reader needs of an ONNX graph.</summary>
internal sealed class OnnxGraph
{
    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The dimensions of the graph's inputs that are not initialisers; −1 where one has no number.</summary>
    public List<(string Name, long[] Shape)> Inputs { get; } = [];

    /// <summary>The node that makes each value.</summary>
    public Dictionary<string, OnnxNode> Producers { get; } = new(StringComparer.Ordinal);
}
