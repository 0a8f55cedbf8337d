namespace AlexNetTF;

/// <summary>The formats that weights are written in.</summary>
public enum WeightFormat
{
    /// <summary>The pickled dictionary {layer: [weights, biases]} that the article's code loads.</summary>
    Npy,

    /// <summary>A NumPy archive with one array per variable.</summary>
    Npz,

    /// <summary>Safetensors with the variables' names; the only one of these that tells the topology.</summary>
    Safetensors,

    /// <summary>A TensorFlow checkpoint, format V2; its path is the prefix of its files' names.</summary>
    Checkpoint,
}
