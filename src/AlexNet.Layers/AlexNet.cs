namespace AlexNetTF;

/// <summary>
/// AlexNet (Krizhevsky, Sutskever and Hinton, 2012) as a TensorFlow 1 graph: five convolutions and three fully
/// connected layers on pictures of 227 × 227 pixels, 224 × 224 for <see cref="Topology.OneWeirdTrick"/>.
/// </summary>
public sealed class AlexNet
{
    private readonly Dictionary<string, Tensor> layers = new(StringComparer.Ordinal);
    private readonly List<string> order = [];
    private readonly Operand keep;
    private Tensor? probabilities;

    /// <summary>Builds the network.</summary>
    /// <param name="x">Pictures [batch, height, width, 3] of the topology's size; an array becomes a constant of the graph.</param>
    /// <param name="keepProb">The share that the two dropouts keep, of fc6's and fc7's results (<see cref="Topology.OneWeirdTrick"/>: of what fc6 and fc7 read): a placeholder (feed 1 to predict), or a number.</param>
    /// <param name="classes">The number of classes, which is fc8's size.</param>
    /// <param name="skipLayer">The layers that <see cref="LoadWeights"/> leaves as they are; "" stands for none.</param>
    /// <param name="weightsPath">The weight file that <see cref="LoadWeights"/> reads.</param>
    /// <param name="topology">Which of the networks called AlexNet.</param>
    /// <param name="graph">Where the network goes; x's graph, or the default one if x is an array.</param>
    /// <exception cref="GraphException">A shape does not fit, a layer to skip does not exist, or the graph has an AlexNet already.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public AlexNet(
        Operand x,
        Operand keepProb,
        int classes,
        IEnumerable<string>? skipLayer = null,
        string weightsPath = "bvlc_alexnet.npy",
        Topology topology = Topology.Article,
        Graph? graph = null)
    {
        NumClasses = classes > 0 ? classes : throw new GraphException($"AlexNet needs at least one class, not {classes}.");
        SkipLayer = [.. (skipLayer ?? []).Where(layer => layer.Length > 0)];
        WeightsPath = weightsPath;
        Topology = topology;
        Graph = x.Tensor?.Graph ?? keepProb.Tensor?.Graph ?? graph ?? Graph.Default;
        keep = keepProb;

        Fc8 = Topology == Topology.OneWeirdTrick ? OneColumn(x) : TwoColumns(x);
        RequireLayers(SkipLayer);
    }

    /// <inheritdoc cref="AlexNet(Operand, Operand, int, IEnumerable{string}, string, Topology, Graph)"/>
    public AlexNet(
        Operand x,
        Operand keepProb,
        int classes,
        string skipLayer,
        string weightsPath = "bvlc_alexnet.npy",
        Topology topology = Topology.Article,
        Graph? graph = null)
        : this(x, keepProb, classes, [skipLayer], weightsPath, topology, graph)
    {
    }

    /// <summary>The graph that the network stands in.</summary>
    public Graph Graph { get; }

    /// <summary>The pictures that the network reads.</summary>
    public Tensor Input
    {
        get
        {
            Tensor read = layers["conv1"].Op.Inputs[0].Op.Inputs[0].Op.Inputs[0].Op.Inputs[0];
            return Topology == Topology.OneWeirdTrick ? read.Op.Inputs[0] : read;
        }
    }

    /// <summary>The tensor that dropout keeps by, to be fed.</summary>
    /// <exception cref="GraphException">The network was built with a number, see <see cref="KeepProbNumber"/>.</exception>
    public Tensor KeepProb => keep.Tensor
        ?? throw new GraphException($"This AlexNet was built with the constant keepProb {keep.Number}, which cannot be fed. Build it with a placeholder.");

    /// <summary>The share that dropout keeps where it was given as a number, else null.</summary>
    public double? KeepProbNumber => keep.Number;

    /// <summary>The number of classes.</summary>
    public int NumClasses { get; }

    /// <summary>The layers that <see cref="LoadWeights"/> leaves as they are.</summary>
    public IReadOnlyList<string> SkipLayer { get; }

    /// <summary>The weight file that <see cref="LoadWeights"/> reads.</summary>
    public string WeightsPath { get; }

    /// <summary>Which of the networks called AlexNet this is.</summary>
    public Topology Topology { get; }

    /// <summary>The scores of the classes before the softmax [batch, classes].</summary>
    public Tensor Fc8 { get; }

    /// <summary>The probabilities of the classes [batch, classes]; the softmax joins the graph at the first call.</summary>
    public Tensor Probabilities => probabilities ??= Nn.Softmax(Fc8);

    /// <summary>The names of the layers from input to output.</summary>
    public IReadOnlyList<string> LayerNames => order;

    /// <summary>The result of a layer: conv1, pool1, norm1, conv2, pool2, norm2, conv3, conv4, conv5, pool5, fc6, fc7, fc8, as far as the topology has them; prob for <see cref="Probabilities"/>.</summary>
    /// <exception cref="GraphException">There is no such layer.</exception>
    public Tensor this[string layer] => layers.TryGetValue(layer, out Tensor? tensor) ? tensor
        : layer == "prob" ? Probabilities
        : throw new GraphException($"AlexNet has no layer '{layer}'. Its layers are {string.Join(", ", order)} and prob.");

    /// <summary>Reads <see cref="WeightsPath"/> into the session's variables, all layers but <see cref="SkipLayer"/>.</summary>
    /// <param name="session">A session of the network's graph.</param>
    /// <param name="loading">Whether values are read or the file is mapped.</param>
    /// <returns>What was loaded, skipped, missing from the file and not expected there.</returns>
    /// <exception cref="FileFormatException">The file is no weight file, damaged, or does not fit the network; nothing is changed then.</exception>
    public WeightReport LoadWeights(Session session, WeightLoading loading = WeightLoading.Read) => WeightLoader.Load(session, WeightsPath, SkipLayer, loading: loading);

    /// <summary>Writes the session's weights and biases as a file that <see cref="LoadWeights"/> reads; see <see cref="WeightSaver.Save"/>.</summary>
    /// <returns>The files written.</returns>
    public IReadOnlyList<string> SaveWeights(Session session, string path, WeightFormat format = WeightFormat.Safetensors) =>
        WeightSaver.Save(session, path, format, Topology.ToString());

    /// <summary>The network as a table: layer, op, shapes, parameters, multiply-adds for one picture.</summary>
    public string Summary() => NetworkSummary.ToText(Layers());

    /// <summary>The rows of <see cref="Summary"/>.</summary>
    public IReadOnlyList<LayerSummary> Layers() => [.. order.Select(name => NetworkSummary.Of(name, layers[name]))];

    // Krizhevsky, Sutskever and Hinton: conv2, conv4 and conv5 see half of the channels each, as two GPUs did.
    private Tensor TwoColumns(Operand x)
    {
        Tensor conv1 = Add("conv1", AlexNetTF.Layers.Conv(Graph, x, ShapeOf(x), 11, 96, 4, "conv1", Padding.Valid, paddingNum: 0, groups: 1, relu: true));
        Tensor block1 = PoolAndNormalize(conv1, "1");
        Tensor conv2 = Add("conv2", block1.Conv(5, 256, name: "conv2", groups: 2));
        Tensor block2 = PoolAndNormalize(conv2, "2");
        Tensor conv3 = Add("conv3", block2.Conv(3, 384, name: "conv3"));
        Tensor conv4 = Add("conv4", conv3.Conv(3, 384, name: "conv4", groups: 2));
        Tensor conv5 = Add("conv5", conv4.Conv(3, 256, name: "conv5", groups: 2));
        Tensor flat = ArrayOps.Reshape(Pool(conv5, "5"), [-1, 6 * 6 * 256]);
        Tensor fc6 = Add("fc6", flat.Fc(6 * 6 * 256, 4096, "fc6", keep));
        Tensor fc7 = Add("fc7", fc6.Fc(4096, 4096, "fc7", keep));
        return Add("fc8", fc7.Fc(4096, NumClasses, "fc8", relu: false));
    }

    // Krizhevsky's "One weird trick for parallelizing convolutional neural networks" (2014) as torchvision builds it:
    // one column, no normalization, dropout before fc6 and fc7 instead of behind them.
    private Tensor OneColumn(Operand x)
    {
        Tensor conv1 = Add("conv1", AlexNetTF.Layers.Conv(Graph, x, ShapeOf(x), 11, 64, 4, "conv1", Padding.Valid, paddingNum: 2, groups: 1, relu: true));
        Tensor conv2 = Add("conv2", Pool(conv1, "1").Conv(5, 192, name: "conv2"));
        Tensor conv3 = Add("conv3", Pool(conv2, "2").Conv(3, 384, name: "conv3"));
        Tensor conv4 = Add("conv4", conv3.Conv(3, 256, name: "conv4"));
        Tensor conv5 = Add("conv5", conv4.Conv(3, 256, name: "conv5"));
        Tensor flat = ArrayOps.Reshape(Pool(conv5, "5"), [-1, 6 * 6 * 256]);
        Tensor fc6 = Add("fc6", flat.Dropout(keep).Fc(6 * 6 * 256, 4096, "fc6"));
        Tensor fc7 = Add("fc7", fc6.Dropout(keep).Fc(4096, 4096, "fc7"));
        return Add("fc8", fc7.Fc(4096, NumClasses, "fc8", relu: false));
    }

    private static Shape ShapeOf(Operand x) => x.Tensor?.Shape ?? x.ArrayShape
        ?? throw new GraphException("AlexNet's pictures must be a tensor or an array [batch, height, width, 3], not a number.");

    private Tensor PoolAndNormalize(Tensor x, string number)
    {
        if (Topology == Topology.Article) return Normalize(Pool(x, number), number);
        return Pool(Normalize(x, number), number);
    }

    private Tensor Pool(Tensor x, string number) => Add("pool" + number, x.MaxPool(3, 2, "pool" + number, Padding.Valid));

    private Tensor Normalize(Tensor x, string number) => Add("norm" + number, x.Lrn(2, 2e-5f, 0.75f, "norm" + number));

    private Tensor Add(string name, Tensor tensor)
    {
        layers.Add(name, tensor);
        order.Add(name);
        return tensor;
    }

    private void RequireLayers(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!layers.ContainsKey(name)) _ = this[name];
            if (name == "prob" || Graph.GlobalVariables(name + "/").Count == 0) throw new GraphException($"The layer '{name}' has no weights, so there is nothing to skip.");
        }
    }
}
