namespace AlexNetTF;

/// <summary>What a run's checkpoints consist of.</summary>
public enum CheckpointKind
{
    /// <summary>This library's own: the trained variables as safetensors, and state.json. A run is always resumed from it.</summary>
    Safetensors,

    /// <summary>
    /// That and, beside it, TensorFlow's files <c>model.ckpt.index</c>, <c>.data-*</c> and <c>.meta</c> with all variables, the
    /// step counter and what the optimizer keeps, for TensorFlow's Saver.
    /// </summary>
    TensorFlow,
}
