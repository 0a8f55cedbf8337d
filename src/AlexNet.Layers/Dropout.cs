namespace AlexNetTF;

public static partial class Layers
{
    /// <summary>Sets a random share of elements to 0 and scales the others up, so that sums stay as they are (Srivastava and others, 2014).</summary>
    /// <param name="x">Any floating-point tensor.</param>
    /// <param name="keepProb">The share to keep: a number above 0 and at most 1 (1 adds no node), or a scalar tensor, so that training feeds 0.5 and prediction 1.</param>
    /// <param name="seed">The op's own seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The scope of its nodes.</param>
    public static Tensor Dropout(this Tensor x, Operand keepProb, long? seed = null, string? name = null) =>
        Nn.Dropout(x, keepProb, seed: seed, name: name);
}
