namespace AlexNetTF;

/// <summary>Which of the networks called AlexNet is built.</summary>
public enum Topology
{
    /// <summary>The article's: pooling before normalization. Also <c>bvlc_reference_caffenet</c>'s.</summary>
    Article,

    /// <summary>The paper's and <c>bvlc_alexnet</c>'s: normalization before pooling.</summary>
    Bvlc,

    /// <summary>
    /// torchvision's, after Krizhevsky's "One weird trick for parallelizing convolutional neural networks" (2014): one
    /// column of 64, 192, 384, 256 and 256 filters without groups or normalization, on 224 × 224 pixels padded by 2.
    /// </summary>
    OneWeirdTrick,
}
