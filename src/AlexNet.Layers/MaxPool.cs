namespace AlexNetTF;

public static partial class Layers
{
    /// <summary>The largest value of each window.</summary>
    /// <param name="x">Pictures [batch, height, width, channels].</param>
    /// <param name="filterSize">Height and width of the window.</param>
    /// <param name="stride">The step of the window in both directions.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="padding">Whether windows may reach over the border (Same, as in the article) or not (Valid); cells outside never win.</param>
    public static Tensor MaxPool(this Tensor x, int filterSize, int stride, string name, Padding padding = Padding.Same) =>
        Nn.MaxPool(x, [1, filterSize, filterSize, 1], [1, stride, stride, 1], padding, name);
}
