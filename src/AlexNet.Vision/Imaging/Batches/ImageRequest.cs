namespace AlexNetTF.Imaging;

/// <summary>A picture that is wanted in a batch.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Mirror">Whether left and right change places.</param>
/// <param name="Tag">A number of the caller's, such as the class that it shows.</param>
/// <param name="Jitter">What else changes.</param>
internal readonly record struct ImageRequest(ImageSource Source, bool Mirror = false, int Tag = 0, ImageJitter Jitter = default);

/// <summary>What became of a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Row">Where the picture lies in the batch; -1 where there is none.</param>
/// <param name="Warning">What a user should know although there is a picture, or null.</param>
/// <param name="Error">Why there is no picture, or null.</param>
internal readonly record struct ImageBatchItem(ImageRequest Request, int Row, string? Warning, Exception? Error);
