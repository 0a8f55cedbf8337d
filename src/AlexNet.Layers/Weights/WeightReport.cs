namespace AlexNetTF;

/// <summary>What became of one variable or file entry when weights were loaded.</summary>
public enum WeightState
{
    /// <summary>The file's values are in the variable.</summary>
    Loaded,

    /// <summary>Left as it is because its layer is to be skipped.</summary>
    Skipped,

    /// <summary>The graph has the variable, the file has no values for it.</summary>
    Missing,

    /// <summary>The file has values for which the graph has no variable.</summary>
    Unexpected,
}

/// <summary>One line of a <see cref="WeightReport"/>.</summary>
/// <param name="Name">The variable, such as <c>conv1/weights</c>.</param>
/// <param name="State">What became of it.</param>
/// <param name="Shape">The variable's shape, or the file's where there is no variable.</param>
public sealed record WeightReportLine(string Name, WeightState State, Shape Shape);

/// <summary>What loading a weight file did, variable by variable.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">What the file is.</param>
/// <param name="Lines">One line per variable, then one per entry of the file that no variable takes.</param>
/// <param name="Notes">What the file's network does differently from the graph's, if anything is known.</param>
public sealed record WeightReport(string Path, string Format, IReadOnlyList<WeightReportLine> Lines, IReadOnlyList<string> Notes)
{
    /// <summary>How many bytes of the values are the file's own pages instead of a copy; see <see cref="WeightLoading.Map"/>.</summary>
    public long MappedBytes { get; init; }

    /// <summary>The variables that hold the file's values.</summary>
    public IEnumerable<string> Loaded => With(WeightState.Loaded);

    /// <summary>The variables left as they are because their layers are to be skipped.</summary>
    public IEnumerable<string> Skipped => With(WeightState.Skipped);

    /// <summary>The variables for which the file has no values.</summary>
    public IEnumerable<string> Missing => With(WeightState.Missing);

    /// <summary>The file's entries for which the graph has no variable.</summary>
    public IEnumerable<string> Unexpected => With(WeightState.Unexpected);

    /// <summary>One line per variable.</summary>
    public override string ToString() =>
        $"{Path} ({Format})\n" + string.Concat(Lines.Select(line => $"  {line.State.ToString().ToLowerInvariant(),-10} {line.Name} {line.Shape}\n")) + string.Concat(Notes.Select(note => $"  note: {note}\n"));

    private IEnumerable<string> With(WeightState state) => Lines.Where(line => line.State == state).Select(line => line.Name);
}
