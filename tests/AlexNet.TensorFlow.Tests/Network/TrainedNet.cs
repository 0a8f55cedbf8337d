using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>The network with weights by the recipe, a loss, the gradients of all layers and a step of gradient descent.</summary>
internal sealed class TrainedNet
{
    public const int Classes = 20;
    private const int Batch = 2;
    private readonly Tensor x, keepProb, labels;

    public TrainedNet(Topology topology)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x");
        keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        labels = graph.Placeholder(DType.Float32, new Shape(null, Classes), "labels");
        Layers = new AlexNet(x, keepProb, Classes, topology: topology);
        Loss = MathOps.Mean(AlexNetTF.Nn.SoftmaxCrossEntropyWithLogits(labels, Layers.Fc8));
        Variable[] variables = [.. graph.TrainableVariables()];
        var optimizer = new GradientDescentOptimizer(0.01f);
        IReadOnlyList<GradientAndVariable> gradients = optimizer.ComputeGradients(Loss, variables);
        Gradients = [.. gradients.Select(pair => (pair.Gradient!, pair.Variable))];
        Train = optimizer.ApplyGradients(gradients);
    }

    public AlexNet Layers { get; }

    public Tensor Loss { get; }

    public IReadOnlyList<(Tensor Gradient, Variable Variable)> Gradients { get; }

    public Operation Train { get; }

    public Session Open(SessionOptions options)
    {
        var session = new Session(Layers.Graph, options);
        foreach ((string Layer, int[] Shape, double R) layer in RecipeWeights.Layers(Classes))
        {
            Load(session, layer.Layer + "/weights", RecipeWeights.Weights(layer), layer.Shape);
            Load(session, layer.Layer + "/biases", RecipeWeights.Biases(layer), [layer.Shape[^1]]);
        }

        return session;
    }

    public Feeds Feeds(float keep)
    {
        var hot = new float[Batch * Classes];
        for (int i = 0; i < Batch; i++) hot[(i * Classes) + (i * 7 % Classes)] = 1;
        NDArray pictures = TensorData.Of<float>(Recipe.Fill("pictures", (long)Batch * 227 * 227 * 3, -120, 130), [Batch, 227, 227, 3]).ToNDArray();
        return new Feeds { [x] = pictures, [keepProb] = keep, [labels] = TensorData.Of<float>(hot, [Batch, Classes]).ToNDArray() };
    }

    private void Load(Session session, string name, float[] values, int[] dims)
    {
        Variable variable = Layers.Graph.GlobalVariables().Single(item => item.Op.Name == name);
        variable.Load(TensorData.Of<float>(values, dims).ToNDArray(), session);
    }
}
