namespace AlexNetTF;

/// <summary>A picture and the class that it shows.</summary>
/// <param name="Path">The picture's file.</param>
/// <param name="Label">The number of the class, from 0.</param>
public readonly record struct DatasetItem(string Path, int Label);
