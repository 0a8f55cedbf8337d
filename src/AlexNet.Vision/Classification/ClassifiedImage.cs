namespace AlexNetTF;

/// <summary>What became of one picture of many.</summary>
/// <param name="Path">The picture, as it was named.</param>
/// <param name="Predictions">The best classes, most likely first; empty where <paramref name="Error"/> tells why.</param>
/// <param name="Warning">What a user should know although there is an answer (a JPEG that was cut short), or null.</param>
/// <param name="Error">Why there is no answer, or null.</param>
public sealed record ClassifiedImage(string Path, IReadOnlyList<Prediction> Predictions, string? Warning, Exception? Error);

/// <summary>A layer's result for one picture of many.</summary>
/// <param name="Path">The picture, as it was named.</param>
/// <param name="Values">The layer's values for this picture, row-major; null where <paramref name="Error"/> tells why.</param>
/// <param name="Warning">What a user should know although there is a result, or null.</param>
/// <param name="Error">Why there is no result, or null.</param>
public sealed record ExtractedFeatures(string Path, float[]? Values, string? Warning, Exception? Error);
