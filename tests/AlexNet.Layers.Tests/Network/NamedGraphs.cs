using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>The graphs whose nodes TensorFlow 1.15.5 listed, built with this library.</summary>
internal static class NamedGraphs
{
    public static readonly IReadOnlyDictionary<string, Action<Graph>> All = new Dictionary<string, Action<Graph>>
    {
        ["article_inference"] = ArticleInference,
        ["article_test_image"] = ArticleTestImage,
        ["kratzert_inference"] = graph => Kratzert(graph, 1, 1000),
        ["small_load_weights"] = SmallLoadWeights,
        ["article_finetune"] = NamedTrainingGraphs.Article,
        ["kratzert_finetune"] = graph => NamedTrainingGraphs.Kratzert(graph, (x, keepProb) => Kratzert(x, keepProb, 2)),
        ["small_optimizers"] = NamedTrainingGraphs.SmallOptimizers,
    };

    private static void ArticleInference(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1, 227, 227, 3));
        Tensor keepProb = graph.Placeholder(DType.Float32);
        _ = new AlexNet(x, keepProb, 1000);
    }

    private static void ArticleTestImage(Graph graph)
    {
        graph.Placeholder(DType.Float32, new Shape(null, 1000));
        NDArray picture = new float[227 * 227 * 3];
        var net = new AlexNet(picture.reshape(1, 227, 227, 3), 0.5f, 1000, "", graph: graph);
        MathOps.ArgMax(net.Fc8, 1);
        graph.GlobalVariablesInitializer();
    }

    /// <summary>The article's elder sibling: normalization before pooling, ReLU named after the layer, dropout on its own.</summary>
    private static void Kratzert(Graph graph, int batch, int classes)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(batch, 227, 227, 3));
        Tensor keepProb = graph.Placeholder(DType.Float32);
        Kratzert(x, keepProb, classes);
    }

    private static Tensor Kratzert(Tensor x, Tensor keepProb, int classes)
    {
        Tensor conv1 = KratzertConv(x, 11, 96, 4, "conv1", Padding.Valid);
        Tensor pool1 = conv1.Lrn(2, 2e-5f, 0.75f, "norm1").MaxPool(3, 2, "pool1", Padding.Valid);
        Tensor conv2 = KratzertConv(pool1, 5, 256, 1, "conv2", groups: 2);
        Tensor pool2 = conv2.Lrn(2, 2e-5f, 0.75f, "norm2").MaxPool(3, 2, "pool2", Padding.Valid);
        Tensor conv3 = KratzertConv(pool2, 3, 384, 1, "conv3");
        Tensor conv4 = KratzertConv(conv3, 3, 384, 1, "conv4", groups: 2);
        Tensor conv5 = KratzertConv(conv4, 3, 256, 1, "conv5", groups: 2);
        Tensor pool5 = conv5.MaxPool(3, 2, "pool5", Padding.Valid);
        Tensor flat = ArrayOps.Reshape(pool5, [-1, 6 * 6 * 256]);
        Tensor fc6 = Nn.Relu(KratzertFc(flat, 6 * 6 * 256, 4096, "fc6")).Dropout(keepProb);
        Tensor fc7 = Nn.Relu(KratzertFc(fc6, 4096, 4096, "fc7")).Dropout(keepProb);
        return KratzertFc(fc7, 4096, classes, "fc8");
    }

    private static Tensor KratzertConv(Tensor x, int size, int filters, int stride, string name, Padding padding = Padding.Same, int groups = 1)
    {
        Graph graph = x.Graph;
        Variable weights, biases;
        using (graph.VariableScope(name))
        {
            weights = graph.GetVariable("weights", new Shape(size, size, x.Shape[3] / groups, filters));
            biases = graph.GetVariable("biases", new Shape(filters));
        }

        Tensor conv = groups == 1
            ? Nn.Conv2D(x, weights, [1, stride, stride, 1], padding)
            : ArrayOps.Concat(
                (Tensor[])[.. ArrayOps.Split(x, groups, axis: 3).Zip(ArrayOps.Split(weights, groups, axis: 3), (part, filter) => Nn.Conv2D(part, filter, [1, stride, stride, 1], padding))],
                axis: 3);
        Tensor bias = Nn.BiasAdd(conv, biases);
        return Nn.Relu(ArrayOps.Reshape(bias, ArrayOps.Shape(conv)), name);
    }

    private static Tensor KratzertFc(Tensor x, int inputs, int outputs, string name)
    {
        Graph graph = x.Graph;
        using VariableScope scope = graph.VariableScope(name);
        Variable weights = graph.GetVariable("weights", new Shape(inputs, outputs));
        Variable biases = graph.GetVariable("biases", new Shape(outputs));
        return Nn.XwPlusB(x, weights, biases, name);
    }

    private static void SmallLoadWeights(Graph graph)
    {
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 32, 32, 3), "x");
        Tensor block1 = x.Conv(5, 16, 2, "conv1", Padding.Valid).MaxPool(3, 2, "pool1", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm1");
        Tensor block2 = block1.Conv(3, 32, 1, "conv2", groups: 2).MaxPool(3, 2, "pool2", Padding.Valid).Lrn(2, 2e-5f, 0.75f, "norm2");
        ArrayOps.Reshape(block2, [-1, 128]).Fc(128, 64, "fc3").Fc(64, 10, "fc4", relu: false);
        foreach (string layer in (string[])["conv1", "conv2", "fc3", "fc4"])
        {
            using VariableScope scope = graph.VariableScope(layer, reuse: true);
            Zero(graph.GetVariable("weights", trainable: false));
            Zero(graph.GetVariable("biases", trainable: false));
        }
    }

    private static void Zero(Variable variable) => variable.Assign(np.zeros(new NumSharp.Shape(variable.Shape.ToArray()), NPTypeCode.Single));
}
