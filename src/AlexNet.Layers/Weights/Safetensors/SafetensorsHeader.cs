namespace AlexNetTF.Weights;

/// <summary>What the header says of one tensor; offsets count from the end of the header.</summary>
internal sealed record SafetensorsTensor(string Name, ElementType Type, long[] Shape, long Begin, long End);

internal sealed record SafetensorsHeader(List<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata);
