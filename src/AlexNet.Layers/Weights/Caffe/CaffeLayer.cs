namespace AlexNetTF.Weights;

/// <summary>What a Caffe layer computes, as far as its parameters need telling apart.</summary>
internal enum CaffeKind
{
    Other,
    Convolution,
    InnerProduct,
    Lrn,
    Pooling,
}

/// <summary>The parameters of a layer in Caffe's layout; old files say num, channels, height, width for every shape.</summary>
internal sealed record CaffeBlob(long[] Shape, bool IsLegacyShape, StoredTensor Values);

/// <summary>A layer of a Caffe network.</summary>
internal sealed record CaffeLayer(
    string Name, CaffeKind Kind, IReadOnlyList<string> Bottoms, IReadOnlyList<string> Tops, IReadOnlyList<CaffeBlob> Blobs, long Position)
{
    /// <summary>The input that the weights work on; null for a layer without inputs.</summary>
    public string? FirstBottom => Bottoms.Count > 0 ? Bottoms[0] : null;

    public bool HasWeights => Blobs.Count > 0 && Kind is CaffeKind.Convolution or CaffeKind.InnerProduct;
}
