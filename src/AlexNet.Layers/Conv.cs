namespace AlexNetTF;

/// <summary>
/// The article's layer builders, as extensions of <see cref="Tensor"/>. A builder opens variable scope NAME for its
/// variables and adds TensorFlow's nodes; a layer of your own is one more such extension method.
/// </summary>
public static partial class Layers
{
    /// <summary>
    /// Convolution with bias and, by default, ReLU: variables NAME/weights [kernel, kernel, channels / groups, filters]
    /// and NAME/biases [filters].
    /// </summary>
    /// <param name="x">Pictures [batch, height, width, channels].</param>
    /// <param name="kernelSize">Height and width of the filters.</param>
    /// <param name="filters">The number of filters, which is the number of channels of the result.</param>
    /// <param name="stride">The step of the filters in both directions.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="padding">Whether the border is padded so that every cell counts (Same) or not (Valid).</param>
    /// <param name="paddingNum">Zeros added on all four sides before the convolution, by a Pad op; padding applies afterwards.</param>
    /// <param name="groups">Into how many groups channels and filters are split; each group of filters sees its own channels only.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <exception cref="GraphException">Channels or filters cannot be split into groups, or the filters are larger than the picture.</exception>
    public static Tensor Conv(
        this Tensor x,
        int kernelSize,
        int filters,
        int stride = 1,
        string name = "conv",
        Padding padding = Padding.Same,
        int paddingNum = 0,
        int groups = 1,
        bool relu = true) =>
        Conv(x.Graph, x, x.Shape, kernelSize, filters, stride, name, padding, paddingNum, groups, relu);

    // The picture as a value, too: it becomes the constant NAME/input of the convolution that reads it first.
    internal static Tensor Conv(
        Graph graph, Operand x, Shape shape, int kernelSize, int filters, int stride, string name, Padding padding, int paddingNum, int groups, bool relu)
    {
        int channels = shape is { HasRank: true, Rank: 4 } && shape[3] is { } known
            ? known
            : throw new GraphException($"Layer '{name}' needs pictures [batch, height, width, channels] with a known number of channels; its input has shape {shape}.");
        if (groups < 1 || channels % groups != 0 || filters % groups != 0)
        {
            throw new GraphException($"Layer '{name}': {channels} channels and {filters} filters cannot be split into {groups} groups; both must be multiples of it.");
        }

        Variable weights, biases;
        using (graph.VariableScope(name))
        {
            weights = graph.GetVariable("weights", new Shape(kernelSize, kernelSize, channels / groups, filters));
            biases = graph.GetVariable("biases", new Shape(filters));
        }

        if (paddingNum > 0) x = Pad(x.ToTensor(graph, DType.Float32, "Const"), paddingNum);
        Tensor features = groups == 1
            ? Convolve(graph, x, weights, stride, padding)
            : Grouped(x.ToTensor(graph, DType.Float32, "Const"), weights, stride, padding, groups);
        Tensor biased = Nn.BiasAdd(features, biases);
        // The article restates the shape here; where the batch is unknown it is −1.
        Tensor result = ArrayOps.Reshape(biased, features.Shape.ToArrayOrMinusOne());
        return relu ? Nn.Relu(result) : result;
    }

    private static Tensor Pad(Tensor x, int zeros) => ArrayOps.Pad(x, [[0, 0], [zeros, zeros], [zeros, zeros], [0, 0]]);

    private static Tensor Convolve(Graph graph, Operand x, Tensor weights, int stride, Padding padding)
    {
        using NameScope scope = graph.NameScope("Conv2D");
        return Nn.Conv2D(x.ToTensor(graph, DType.Float32, "input"), weights, [1, stride, stride, 1], padding, name: scope.Name);
    }

    private static Tensor Grouped(Tensor x, Tensor weights, int stride, Padding padding, int groups)
    {
        IReadOnlyList<Tensor> inputs = ArrayOps.Split(x, groups, axis: 3);
        IReadOnlyList<Tensor> filters = ArrayOps.Split(weights, groups, axis: 3);
        Tensor[] parts = [.. inputs.Zip(filters, (part, filter) => Convolve(x.Graph, part, filter, stride, padding))];
        return ArrayOps.Concat(parts, axis: 3);
    }
}
