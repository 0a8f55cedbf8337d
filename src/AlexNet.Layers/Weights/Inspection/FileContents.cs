namespace AlexNetTF;

/// <summary>What a file is and holds, weights or not.</summary>
/// <param name="Kind">The format in words.</param>
/// <param name="Entries">What it holds.</param>
/// <param name="Notes">What the table does not say.</param>
public sealed record FileContents(string Kind, IReadOnlyList<FileContentsEntry> Entries, IReadOnlyList<string> Notes);

/// <summary>One thing that a file holds: a tensor, a variable of a graph, a curve of an event file.</summary>
/// <param name="Name">Its name; of a weight the TensorFlow variable's.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Shape">Its sizes, in TensorFlow's layout; null where one is not stated. Of a curve the number of its values.</param>
/// <param name="Numbers">Sum and extremes; null where the values lie elsewhere or are no numbers.</param>
public sealed record FileContentsEntry(string Name, string Type, IReadOnlyList<long?> Shape, WeightStatistics? Numbers);
