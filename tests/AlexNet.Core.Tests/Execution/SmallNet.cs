using AlexNetTF.Testing;
using NumSharp;
using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Execution;

/// <summary>A network with the article's kinds of layers, small: 27×27 pictures, grouped second convolution, dropout.</summary>
internal sealed class SmallNet
{
    private const int Size = 27;
    private readonly List<Operation> assignments = [];

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
    }

    public Graph Graph { get; } = new();

    public Tensor X { get; }

    public Tensor KeepProb { get; }

    public Tensor Logits { get; }

    public Tensor Probabilities { get; }

    /// <summary>A session whose variables hold reproducible numbers.</summary>
    public Session Open(SessionOptions? options = null)
    {
        var session = new Session(Graph, options);
        foreach (Operation assignment in assignments) session.Run(assignment);
        return session;
    }

    /// <summary>Reproducible pictures; the same first ones in any number.</summary>
    public static NDArray Pictures(int count) => TensorData.Of<float>(Recipe.Fill("pictures", (long)count * Size * Size * 3, -1, 1), [count, Size, Size, 3]).ToNDArray();

    public Feeds Feed(int count, float keepProb = 1) => new() { [X] = Pictures(count), [KeepProb] = keepProb };

    private static Tensor Layer(Tensor sums, Tensor biases)
    {
        Tensor biased = NN.BiasAdd(sums, biases);
        return NN.Relu(ArrayOps.Reshape(biased, new[] { -1, biased.Shape[1]!.Value, biased.Shape[2]!.Value, biased.Shape[3]!.Value }));
    }

    private Tensor Variable(string name, params int[] dims)
    {
        Tensor variable = Graph.VariableV2(DType.Float32, Shape.Of(dims), name);
        float spread = dims.Length == 1 ? 0.1f : MathF.Sqrt(3f / (Shape.CountOf(dims) / dims[^1]));
        assignments.Add(StateOps.Assign(variable, TensorData.Of<float>(Recipe.Fill(name, dims, -spread, spread), dims).ToNDArray()).Op);
        return ArrayOps.Identity(variable, name + "/read");
    }
}
