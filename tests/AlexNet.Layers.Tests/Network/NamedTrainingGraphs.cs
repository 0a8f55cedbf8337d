namespace AlexNetTF.Tests;

/// <summary>The training scripts whose nodes TensorFlow 1.15.5 listed: gradients, optimizers, summaries, saver, initializer.</summary>
internal static class NamedTrainingGraphs
{
    /// <summary>The article's Finetune.py: everything after the loss stands in the name scope <c>train</c>.</summary>
    public static void Article(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 227, 227, 3));
        Tensor y = graph.Placeholder(DType.Float32, new Shape(null, 15));
        Tensor keepProb = graph.Placeholder(DType.Float32);
        var net = new AlexNet(x, keepProb, 15, ["fc7", "fc8"], "");
        Variable[] trained = Trained(graph, "fc7", "fc8");
        Tensor loss = Loss(graph, net.Fc8, y);
        using NameScope train = graph.NameScope("train");
        Tensor?[] gradients = Descend(loss, trained);
        Summarize(gradients, trained, loss);
        Accuracy(graph, net.Fc8, y);
        Summary.MergeAll(graph);
        _ = new Saver(graph: graph);
        graph.GlobalVariablesInitializer();
    }

    /// <summary>The elder sibling's script: only gradients and updates stand in <c>train</c>.</summary>
    public static void Kratzert(Graph graph, Func<Tensor, Tensor, Tensor> network)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(128, 227, 227, 3));
        Tensor y = graph.Placeholder(DType.Float32, new Shape(128, 2));
        Tensor keepProb = graph.Placeholder(DType.Float32);
        Tensor scores = network(x, keepProb);
        Variable[] trained = Trained(graph, "fc6", "fc7", "fc8");
        Tensor loss = Loss(graph, scores, y);
        Tensor?[] gradients;
        using (graph.NameScope("train")) gradients = Descend(loss, trained);
        Summarize(gradients, trained, loss);
        Accuracy(graph, scores, y);
        Summary.MergeAll(graph);
        _ = new Saver(graph: graph);
        graph.GlobalVariablesInitializer();
    }

    /// <summary>A small net with three optimizers.</summary>
    public static void SmallOptimizers(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 32, 32, 3), "x");
        Tensor labels = graph.Placeholder(DType.Int32, new Shape(2), "labels");
        Tensor keepProb = graph.PlaceholderWithDefault(1f, Shape.Scalar, "keep_prob");
        Tensor block1 = x.Conv(5, 16, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm1");
        Tensor block2 = block1.Conv(3, 32, 1, "conv2", groups: 2).MaxPool(3, 2, "pool2", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm2");
        Tensor scores = ArrayOps.Reshape(block2, [-1, 128]).Fc(128, 64, "fc3", keepProb).Fc(64, 10, "fc4", relu: false);
        Variable step = graph.GlobalStep();
        Tensor loss;
        using (graph.NameScope("loss"))
        {
            loss = MathOps.Mean(Nn.SparseSoftmaxCrossEntropyWithLogits(labels, scores), name: "xent");
        }

        new MomentumOptimizer(0.01f, 0.9f).Minimize(loss, globalStep: step);
        new AdamOptimizer(0.001f).Minimize(loss, globalStep: step, name: "second");
        new GradientDescentOptimizer(0.1f).Minimize(loss);
        Summary.Scalar("loss", loss);
        Summary.Histogram("logits", scores);
        Summary.Image("input", x, maxOutputs: 1);
        Summary.MergeAll(graph);
        graph.GlobalVariablesInitializer();
        _ = new Saver(graph: graph);
    }

    private static Variable[] Trained(Graph graph, params string[] layers) => [.. layers.SelectMany(layer => graph.TrainableVariables(layer + "/"))];

    private static Tensor Loss(Graph graph, Tensor scores, Tensor labels)
    {
        using NameScope scope = graph.NameScope("cross_ent");
        return MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, scores));
    }

    private static Tensor?[] Descend(Tensor loss, Variable[] trained)
    {
        Tensor?[] gradients = Gradients.Compute(loss, trained);
        new GradientDescentOptimizer(0.01f).ApplyGradients(gradients.Zip(trained, (gradient, variable) => new GradientAndVariable(gradient, variable)));
        return gradients;
    }

    private static void Summarize(Tensor?[] gradients, Variable[] trained, Tensor loss)
    {
        foreach ((Tensor? gradient, Variable variable) in gradients.Zip(trained)) Summary.Histogram(variable.Name + "/gradient", gradient!);
        foreach (Variable variable in trained) Summary.Histogram(variable.Name, variable);
        Summary.Scalar("cross_entropy", loss);
    }

    private static void Accuracy(Graph graph, Tensor scores, Tensor labels)
    {
        Tensor accuracy;
        using (graph.NameScope("accuracy"))
        {
            accuracy = MathOps.Mean(MathOps.Cast(MathOps.Equal(MathOps.ArgMax(scores, 1), MathOps.ArgMax(labels, 1)), DType.Float32));
        }

        Summary.Scalar("accuracy", accuracy);
    }
}
