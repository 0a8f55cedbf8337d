namespace AlexNetTF;

/// <summary>A published weight file: where it is and how to tell that it is the real one.</summary>
public sealed record KnownWeightFile
{
    /// <summary>The name to ask for, such as <c>bvlc_alexnet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the file has where it is published.</summary>
    public required string FileName { get; init; }

    /// <summary>What it holds, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Where it can be fetched.</summary>
    public required Uri Source { get; init; }

    /// <summary>The topology that it was trained for: <c>Bvlc</c>, <c>Article</c> or <c>OneWeirdTrick</c>.</summary>
    public required string Topology { get; init; }

    /// <summary>The SHA-256 in lower-case hexadecimal digits, or its first ones where only those are published; null where none is.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The SHA-1 in lower-case hexadecimal digits; null where none is published.</summary>
    public string? Sha1 { get; init; }

    /// <summary>What else to know, such as a hash that only one source states; null where there is nothing.</summary>
    public string? Remark { get; init; }

    internal bool Matches(WeightHashes hashes) =>
        (Sha256 is not null || Sha1 is not null)
        && (Sha256 is null || hashes.Sha256.StartsWith(Sha256, StringComparison.Ordinal))
        && (Sha1 is null || hashes.Sha1 == Sha1);

    internal string ExpectedText => Sha256 is not null ? $"SHA-256 {Sha256}" : $"SHA-1 {Sha1}";
}
