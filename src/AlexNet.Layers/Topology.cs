namespace AlexNetTF;

/// <summary>Which of the networks called AlexNet is built.</summary>
public enum Topology
{
    /// <summary>The article's: pooling before normalization. Also <c>bvlc_reference_caffenet</c>'s.</summary>
    Article,

    /// <summary>The paper's and <c>bvlc_alexnet</c>'s: normalization before pooling.</summary>
    Bvlc,
}
