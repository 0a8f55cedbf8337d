namespace AlexNetTF;

/// <summary>The rules of updates that a fine-tuner offers.</summary>
public enum OptimizerKind
{
    /// <summary>Plain gradient descent, <see cref="GradientDescentOptimizer"/>.</summary>
    Sgd,

    /// <summary><see cref="MomentumOptimizer"/>.</summary>
    Momentum,

    /// <summary><see cref="AdamOptimizer"/>.</summary>
    Adam,

    /// <summary><see cref="RMSPropOptimizer"/>.</summary>
    RmsProp,
}
