namespace AlexNetTF;

/// <summary>What a check of a weight file against the published ones found.</summary>
/// <param name="File">The file, as the caller named it.</param>
/// <param name="Kind">The format in words; null where the file is no weight file that is read.</param>
/// <param name="Hashes">The file's hashes.</param>
/// <param name="Known">The published file with these hashes; null where there is none.</param>
public sealed record WeightVerification(string File, string? Kind, WeightHashes Hashes, KnownWeightFile? Known)
{
    /// <summary>Whether the file is byte for byte a published one.</summary>
    public bool Ok => Known is not null;
}
