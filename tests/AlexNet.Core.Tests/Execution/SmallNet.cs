using AlexNetTF.Testing;
using NumSharp;
using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Execution;

/// <summary>A network with the article's kinds of layers, small: 27×27 pictures, grouped second convolution, dropout.</summary>
internal sealed class SmallNet
{
    private const int Size = 27;
    public SmallNet(long? seed = null)
    {
        Graph.SetRandomSeed(seed);
        X = Graph.Placeholder(DType.Float32, new Shape(null, Size, Size, 3), "x");
        KeepProb = Graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        Tensor conv1 = Layer(NN.Conv2D(X, Variable("conv1/weights", 5, 5, 3, 16), [1, 2, 2, 1], Padding.Valid), Variable("conv1/biases", 16));
        Tensor pool1 = NN.MaxPool(conv1, [1, 3, 3, 1], [1, 2, 2, 1], Padding.Valid, "pool1");
        Tensor norm1 = NN.Lrn(pool1, 2, 1, 2e-2f, 0.75f, "norm1");
        IReadOnlyList<Tensor> parts = ArrayOps.Split(norm1, 2, 3), filters = ArrayOps.Split(Variable("conv2/weights", 3, 3, 8, 32), 2, 3);
        Tensor joined = ArrayOps.Concat([.. parts.Zip(filters, (x, w) => NN.Conv2D(x, w, [1, 1, 1, 1], Padding.Same))], 3);
        Tensor norm2 = NN.Lrn(Layer(joined, Variable("conv2/biases", 32)), 2, 1, 2e-2f, 0.75f, "norm2");
        Tensor pool2 = NN.MaxPool(norm2, [1, 3, 3, 1], [1, 2, 2, 1], Padding.Valid, "pool2");
        Tensor flat = ArrayOps.Reshape(pool2, new[] { -1, 2 * 2 * 32 });
        Tensor fc3 = NN.Relu(NN.XwPlusB(flat, Variable("fc3/weights", 2 * 2 * 32, 64), Variable("fc3/biases", 64)), "fc3");
        Logits = NN.XwPlusB(NN.Dropout(fc3, KeepProb), Variable("fc4/weights", 64, 10), Variable("fc4/biases", 10), "fc4");
        Probabilities = NN.Softmax(Logits);
        Labels = Graph.Placeholder(DType.Float32, new Shape(null, 10), "labels");
        Loss = MathOps.Mean(NN.SoftmaxCrossEntropyWithLogits(Labels, Logits), name: "loss");
    }

    public Graph Graph { get; } = new();

    public Tensor X { get; }

    public Tensor KeepProb { get; }

    public Tensor Labels { get; }

    public Tensor Logits { get; }

    public Tensor Loss { get; }

    public Tensor Probabilities { get; }

    /// <summary>A session whose variables hold reproducible numbers; slots of optimizers hold their first values.</summary>
    public Session Open(SessionOptions? options = null)
    {
        var session = new Session(Graph, options);
        Operation initializer;
        lock (Graph) initializer = Graph.HasOperation("init") ? Graph.GetOperation("init") : Graph.GlobalVariablesInitializer();
        session.Run(initializer);
        foreach (Variable variable in Graph.TrainableVariables())
        {
            int[] dims = variable.Shape.ToArray();
            float spread = dims.Length == 1 ? 0.1f : MathF.Sqrt(3f / (Shape.CountOf(dims) / dims[^1]));
            variable.Load(TensorData.Of<float>(Recipe.Fill(variable.Op.Name, dims, -spread, spread), dims).ToNDArray(), session);
        }

        return session;
    }

    /// <summary>Reproducible pictures; the same first ones in any number.</summary>
    public static NDArray Pictures(int count) => TensorData.Of<float>(Recipe.Fill("pictures", (long)count * Size * Size * 3, -1, 1), [count, Size, Size, 3]).ToNDArray();

    /// <summary>Pictures and labels of a training step.</summary>
    public Feeds Batch(int count, float keepProb = 0.5f)
    {
        var labels = new float[count * 10];
        for (int i = 0; i < count; i++) labels[(i * 10) + (i * 7 % 10)] = 1;
        Feeds feeds = Feed(count, keepProb);
        feeds[Labels] = TensorData.Of<float>(labels, [count, 10]).ToNDArray();
        return feeds;
    }

    public Feeds Feed(int count, float keepProb = 1) => new() { [X] = Pictures(count), [KeepProb] = keepProb };

    private static Tensor Layer(Tensor sums, Tensor biases)
    {
        Tensor biased = NN.BiasAdd(sums, biases);
        return NN.Relu(ArrayOps.Reshape(biased, new[] { -1, biased.Shape[1]!.Value, biased.Shape[2]!.Value, biased.Shape[3]!.Value }));
    }

    private Variable Variable(string name, params int[] dims) => Graph.GetVariable(name, Shape.Of(dims));
}
