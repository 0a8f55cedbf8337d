namespace AlexNetTF;

/// <summary>What a weight file tells besides its values: which network it was made for, and what differs there.</summary>
public sealed class WeightHints
{
    /// <summary>The network that names, order and shapes point to, such as <c>bvlc_alexnet</c>; null where nothing does.</summary>
    public string? Network { get; init; }

    /// <summary>The topology to build for these weights: <c>Article</c>, <c>Bvlc</c> or <c>OneWeirdTrick</c>; null where unknown.</summary>
    public string? Topology { get; init; }

    /// <summary>What a report should say beside the table: entries left out, differences of the model's own graph.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
