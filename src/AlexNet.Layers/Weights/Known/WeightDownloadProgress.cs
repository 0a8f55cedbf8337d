namespace AlexNetTF;

/// <summary>How far a download is.</summary>
/// <param name="Source">Where the bytes come from.</param>
/// <param name="Received">The bytes that are on the disk, those of an earlier try included.</param>
/// <param name="Total">The size that the server states; null where it states none.</param>
public readonly record struct WeightDownloadProgress(Uri Source, long Received, long? Total);

/// <summary>A weight file could not be fetched, or what the server sent is another file.</summary>
public sealed class WeightDownloadException : AlexNetException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">Where the file was to come from.</param>
    /// <param name="problem">What went wrong, and the remedy.</param>
    /// <param name="inner">The error that led to it, if any.</param>
    public WeightDownloadException(Uri source, string problem, Exception? inner = null)
        : base($"{source}: {problem}", inner) => SourceUri = source;

    /// <summary>Where the file was to come from.</summary>
    public Uri SourceUri { get; }
}
