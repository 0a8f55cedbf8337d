using AlexNetTF.Testing;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>The article's network in both engines: the forward pass, and one training step.</summary>
[NonParallelizable]
public class NetTests : NeedsTensorFlow
{
    private const double Allowed = 1e-5;

    [TestCase(Topology.Article)]
    [TestCase(Topology.Bvlc)]
    public void ForwardAndOneTrainingStep(Topology topology)
    {
        var net = new TrainedNet(topology);
        using Session ours = net.Open(new SessionOptions()), theirs = net.Open(new SessionOptions { Engine = Engine.TensorFlow });
        Close(ours.Run(net.Layers.Fc8, net.Feeds(1)), theirs.Run(net.Layers.Fc8, net.Feeds(1)), "fc8");

        // Gradients, and the inputs of every gradient op, as the managed engine has them.
        Tensor[] gradients = [.. net.Gradients.Where(pair => pair.Variable.Op.Name is ['f', 'c', '7' or '8', ..]).Select(pair => pair.Gradient)];
        NDArray[] mine = ours.Run([net.Loss, .. gradients], net.Feeds(0.5f)), its = theirs.Run([net.Loss, .. gradients], net.Feeds(0.5f));
        Close(mine[0], its[0], "loss");
        for (int i = 0; i < gradients.Length; i++) Close(mine[i + 1], its[i + 1], gradients[i].Name);
        EveryGradientOpOnTheSameInputs(net, ours, theirs);

        ours.Run(net.Train, net.Feeds(1));
        theirs.Run(net.Train, net.Feeds(1));
        foreach (Variable variable in net.Layers.Graph.TrainableVariables().Where(variable => variable.Op.Name is ['f', 'c', '7' or '8', ..]))
        {
            Close(ours.Run(variable.Value), theirs.Run(variable.Value), variable.Name);
        }
    }

    [Test]
    public void WeightsFromAFileAreAssignedIntoTensorFlowsVariables()
    {
        using var folder = new TempFolder();
        RecipeWeights.WriteNpy(folder["weights.npy"], classes: TrainedNet.Classes);
        var graph = new Graph();
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, TrainedNet.Classes, weightsPath: folder["weights.npy"]);
        using var session = new Session(graph, new SessionOptions { Engine = Engine.TensorFlow });
        WeightReport report = net.LoadWeights(session);
        Assert.That(report.Missing, Is.Empty);
        Variable biases = graph.GlobalVariables().Single(variable => variable.Op.Name == "fc8/biases");
        Assert.That(session.Run(biases.Value).ToArray<float>(), Is.EqualTo(RecipeWeights.Biases(RecipeWeights.Layers(TrainedNet.Classes)[^1])));
    }

    private static void EveryGradientOpOnTheSameInputs(TrainedNet net, Session ours, Session theirs)
    {
        string[] types = ["Conv2DBackpropInput", "Conv2DBackpropFilter", "LRNGrad", "MaxPoolGrad", "ReluGrad", "BiasAddGrad"];
        Operation[] ops = [.. net.Layers.Graph.Operations.Where(op => types.Contains(op.Type))];
        Assert.That(ops.Select(op => op.Type).Distinct(), Is.EquivalentTo(types));
        foreach (Operation op in ops)
        {
            Tensor[] inputs = [.. op.Inputs.Distinct()];
            NDArray[] values = ours.Run(inputs, net.Feeds(1));
            var feeds = new Feeds();
            for (int i = 0; i < inputs.Length; i++) feeds[inputs[i]] = values[i];
            Close(ours.Run(op.Output, feeds), theirs.Run(op.Output, feeds), op.Name, Allowed);
        }
    }

    internal static void Close(NDArray ours, NDArray theirs, string what, double allowed = Allowed)
    {
        Assert.That(ours.shape, Is.EqualTo(theirs.shape), what);
        float[] a = ours.ToArray<float>(), b = theirs.ToArray<float>();
        double largest = 0, apart = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(b[i]));
            apart = Math.Max(apart, Math.Abs((double)a[i] - b[i]));
        }

        Assert.That(apart, Is.LessThanOrEqualTo(allowed * largest), $"{what}: largest magnitude {largest}");
    }
}
