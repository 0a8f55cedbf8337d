namespace AlexNetTF.Weights;

/// <summary>Tells the one network whose shapes alone give it away, in files whose format says nothing about the graph.</summary>
internal static class TopologyByShape
{
    private static readonly long[] First = [11, 11, 3, 64], Second = [5, 5, 64, 192];

    /// <summary>The hints, with torchvision's topology where nothing else was found and the first filters are 64 and 192 without groups.</summary>
    public static WeightHints Complete(WeightHints hints, IReadOnlyList<WeightEntry> entries) =>
        hints.Topology is null && Has(entries, "conv1/weights", First) && Has(entries, "conv2/weights", Second)
            ? new WeightHints { Network = hints.Network, Topology = "OneWeirdTrick", Notes = hints.Notes }
            : hints;

    private static bool Has(IReadOnlyList<WeightEntry> entries, string name, long[] shape) =>
        entries.Any(entry => entry.Name == name && entry.Shape.SequenceEqual(shape));
}
