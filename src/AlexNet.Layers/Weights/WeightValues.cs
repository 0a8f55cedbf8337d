namespace AlexNetTF;

/// <summary>One tensor to be written to a weight file.</summary>
/// <param name="Layer">The layer, such as <c>conv1</c>.</param>
/// <param name="Parameter"><c>weights</c>, <c>biases</c> or any other name.</param>
/// <param name="Shape">The shape in TensorFlow's layout.</param>
/// <param name="Values">The values in C order; as many as the shape has.</param>
public sealed record WeightValues(string Layer, string Parameter, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values)
{
    /// <summary>The name of the TensorFlow variable.</summary>
    public string Name => Layer.Length == 0 ? Parameter : $"{Layer}/{Parameter}";
}
