namespace AlexNetTF;

public static partial class Layers
{
    /// <summary>
    /// Fully connected layer: x · NAME/weights + NAME/biases, then by default ReLU, then dropout where asked for.
    /// </summary>
    /// <param name="x">Rows [batch, inputs].</param>
    /// <param name="inputs">The length of a row.</param>
    /// <param name="outputs">The length of a result.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="keepProb">The share of results that dropout keeps: a number or a scalar tensor; everything is kept if null.</param>
    /// <param name="dropRatio">The share that dropout sets to 0, as in the article; not together with <paramref name="keepProb"/>.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <exception cref="GraphException">The row's length differs, both shares are given, or one is outside its range.</exception>
    public static Tensor Fc(
        this Tensor x, int inputs, int outputs, string name, Operand? keepProb = null, float dropRatio = 0, bool relu = true)
    {
        if (keepProb is not null && dropRatio != 0)
        {
            throw new GraphException($"Layer '{name}' is given both keepProb and dropRatio {dropRatio}; keepProb = 1 − dropRatio, so give one of them.");
        }

        if (dropRatio is < 0 or >= 1) throw new GraphException($"Layer '{name}': dropRatio {dropRatio} must be at least 0 and below 1.");
        Graph graph = x.Graph;
        // The article hands layers the share to drop, so a tensor to keep is turned round twice.
        Tensor? drop = keepProb?.Tensor is { } keep ? 1f - keep : null;
        using VariableScope scope = graph.VariableScope(name);
        Variable weights = graph.GetVariable("weights", new Shape(inputs, outputs));
        Variable biases = graph.GetVariable("biases", new Shape(outputs));
        Tensor result = Nn.XwPlusB(x, weights, biases, name);
        if (relu) result = Nn.Relu(result);
        if (drop is not null) return Nn.Dropout(result, 1f - drop);
        if (keepProb is { } number) return Nn.Dropout(result, number);
        return dropRatio == 0 ? result : Nn.Dropout(result, 1 - dropRatio);
    }
}
