namespace AlexNetTF;

public static partial class Layers
{
    /// <summary>
    /// Local response normalization over channels: x / (bias + alpha · Σ x²)^beta, the sum over 2 · radius + 1 channels
    /// (Krizhevsky and others, 2012, section 3.3). As in TensorFlow alpha is not divided by the size of the window:
    /// radius 2 and alpha 2e-5 are Caffe's size 5 and alpha 1e-4.
    /// </summary>
    /// <param name="x">Pictures [batch, height, width, channels].</param>
    /// <param name="radius">How many channels on either side count.</param>
    /// <param name="alpha">The weight of the squares.</param>
    /// <param name="beta">The exponent.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="bias">What the sum starts from.</param>
    public static Tensor Lrn(this Tensor x, int radius, float alpha, float beta, string name, float bias = 1) =>
        Nn.Lrn(x, radius, bias, alpha, beta, name);
}
