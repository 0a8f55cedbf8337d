namespace AlexNetTF.Imaging;

/// <summary>How pictures are gathered into batches.</summary>
internal sealed record ImageBatchOptions
{
    /// <summary>Requests in a batch; the last one may have fewer.</summary>
    internal int BatchSize { get; init; } = 32;

    /// <summary>Batches that may wait, ready or in work, while the consumer is busy with one; memory is bounded by it.</summary>
    internal int Ahead { get; init; } = 2;

    /// <summary>Pictures that are decoded at a time; 0 for one a processor.</summary>
    internal int Workers { get; init; }

    /// <summary>What a picture may cost.</summary>
    internal ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>This, or the error that names the value that is out of range.</summary>
    internal ImageBatchOptions Validated() => this switch
    {
        { BatchSize: < 1 } => throw new AlexNetException($"A batch of {BatchSize} pictures is impossible; the batch size must be positive."),
        { Ahead: < 1 } => throw new AlexNetException($"{Ahead} batches ahead leave nothing to work on; at least 1 is needed."),
        { Workers: < 0 } => throw new AlexNetException($"{Workers} workers are impossible; 0 means one a processor."),
        _ => this,
    };
}
