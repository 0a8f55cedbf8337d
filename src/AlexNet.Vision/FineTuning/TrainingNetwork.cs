namespace AlexNetTF.FineTuning;

/// <summary>The network with its loss, one optimizer step, and the session that holds its variables.</summary>
internal sealed class TrainingNetwork : IDisposable
{
    private readonly Tensor? keepProb;
    private readonly Tensor? exampleWeights;
    private readonly FineTunerOptions options;

    /// <param name="options">Already validated.</param>
    /// <param name="topology">The order of pooling and normalization.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="steps">The run's steps, for schedules that end with it.</param>
    /// <param name="placement">Where operations stand in a cluster; null for one process.</param>
    public TrainingNetwork(FineTunerOptions options, Topology topology, int classes, long steps, ClusterPlacement? placement = null)
    {
        this.options = options;
        Topology = topology;
        Classes = classes;
        Graph = new Graph();
        // Workers draw dropout of their own; initial values do not come from this graph.
        Graph.SetRandomSeed(options.Seed + (placement?.Task ?? 0));
        using IDisposable? devices = placement is null ? null : Graph.Device(placement.Choose);
        Input = Graph.Placeholder(DType.Float32, InputShape(options), "x");
        // A constant 1 adds no random op, which would stand between the frozen layers and the trained ones.
        keepProb = options.KeepProb < 1 ? Graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob") : null;
        Logits = BuildScores(options, topology, Input, keepProb is null ? 1f : keepProb, classes);
        Parameters = Graph.GlobalVariables();
        RequireLayers(options.TrainLayers.Concat(options.SkipLayers ?? []));
        Trained = [.. Parameters.Where(variable => options.TrainLayers.Contains(LayerOf(variable)))];

        Labels = Graph.Placeholder(DType.Int32, new Shape((int?)null), "labels");
        CrossEntropy = Nn.SoftmaxCrossEntropyWithLogits(ArrayOps.OneHot(Labels, classes), Logits);
        exampleWeights = options.ClassWeights is null ? null : Graph.Placeholder(DType.Float32, new Shape((int?)null), "example_weights");
        Loss = MathOps.Mean(exampleWeights is null ? CrossEntropy : CrossEntropy * exampleWeights, name: "loss");

        Variable step = Graph.GlobalStep();
        Rate = options.Schedule.Build(options.LearningRate, step, steps).ToTensor(Graph, DType.Float32, "rate");
        Optimizer optimizer = CreateOptimizer(options, Rate);
        Gradients = Clip(optimizer.ComputeGradients(Objective(), Trained), options.ClipNorm);
        Train = optimizer.ApplyGradients(Gradients, step);
        State = [.. Graph.GlobalVariables().Except(Parameters).Where(variable => variable != step)];
        Step = step;
        Worker = placement?.Worker ?? "";
        Shared = placement is null ? null : new ClusterVariables(Graph);
        Session = new Session(Graph, options.Session);
    }

    public Graph Graph { get; }

    public Session Session { get; }

    public Topology Topology { get; }

    public int Classes { get; }

    /// <summary>Pictures [batch, height, width, 3].</summary>
    public Tensor Input { get; }

    /// <summary>Classes [batch], int32.</summary>
    public Tensor Labels { get; }

    /// <summary>Scores [batch, classes].</summary>
    public Tensor Logits { get; }

    /// <summary>The cross entropy of each picture [batch].</summary>
    public Tensor CrossEntropy { get; }

    /// <summary>The batch's mean cross entropy, with class weights and without the penalty of L2.</summary>
    public Tensor Loss { get; }

    /// <summary>The learning rate.</summary>
    public Tensor Rate { get; }

    /// <summary>One step.</summary>
    public Operation Train { get; }

    public IReadOnlyList<GradientAndVariable> Gradients { get; }

    /// <summary>The network's weights and biases.</summary>
    public IReadOnlyList<Variable> Parameters { get; }

    /// <summary>Those that change.</summary>
    public IReadOnlyList<Variable> Trained { get; }

    /// <summary>Those that stay.</summary>
    public IEnumerable<Variable> Frozen => Parameters.Except(Trained);

    /// <summary>What the optimizer keeps: slots and powers.</summary>
    public IReadOnlyList<Variable> State { get; }

    /// <summary>The step counter.</summary>
    public Variable Step { get; }

    /// <summary>What the workers of a cluster share beside the variables; null in one process.</summary>
    public ClusterVariables? Shared { get; }

    /// <summary>The device of this process in a cluster; empty in one process.</summary>
    public string Worker { get; }

    /// <summary>The layer of a weight or bias.</summary>
    public static string LayerOf(Variable variable) => variable.Op.Name[..variable.Op.Name.LastIndexOf('/')];

    /// <summary>The shape of a batch of pictures.</summary>
    public static Shape InputShape(FineTunerOptions options) => new(null, options.Input.Height, options.Input.Width, 3);

    /// <summary>Builds the scores.</summary>
    public static Tensor BuildScores(FineTunerOptions options, Topology topology, Tensor x, Operand keepProb, int classes)
    {
        if (options.Network is { } build) return build(x, keepProb, classes);
        return new AlexNet(x, keepProb, classes, weightsPath: "", topology: topology).Fc8;
    }

    /// <summary>What a training step or, with <paramref name="keep"/> 1, a judgement is fed beside the pictures.</summary>
    public void Feed(Feeds feeds, int[] labels, float keep)
    {
        feeds[Labels] = labels;
        if (keepProb is not null) feeds[keepProb] = keep;
        if (exampleWeights is not null) feeds[exampleWeights] = Array.ConvertAll(labels, label => options.ClassWeights![label]);
    }

    public void Dispose() => Session.Dispose();

    private static Optimizer CreateOptimizer(FineTunerOptions options, Tensor rate) => options.Optimizer switch
    {
        OptimizerKind.Sgd => new GradientDescentOptimizer(rate),
        OptimizerKind.Momentum => new MomentumOptimizer(rate, options.Momentum ?? 0.9f, options.Nesterov),
        OptimizerKind.Adam => new AdamOptimizer(rate, options.Beta1, options.Beta2, options.Epsilon ?? 1e-8f),
        OptimizerKind.RmsProp => new RMSPropOptimizer(rate, options.Decay, options.Momentum ?? 0, options.Epsilon ?? 1e-10f),
        _ => throw new AlexNetException($"There is no optimizer {options.Optimizer}."),
    };

    private static IReadOnlyList<GradientAndVariable> Clip(IReadOnlyList<GradientAndVariable> pairs, float norm)
    {
        if (norm == 0) return pairs;
        (IReadOnlyList<Tensor?> clipped, _) = MathOps.ClipByGlobalNorm([.. pairs.Select(pair => pair.Gradient)], norm);
        return [.. pairs.Zip(clipped, (pair, gradient) => pair with { Gradient = gradient })];
    }

    private Tensor Objective()
    {
        if (options.L2 == 0) return Loss;
        Tensor[] penalties = [.. Trained.Where(variable => variable.Shape.Rank > 1).Select(variable => Nn.L2Loss(variable))];
        return penalties.Length == 0 ? Loss : Loss + (MathOps.AddN(penalties) * options.L2);
    }

    private void RequireLayers(IEnumerable<string> names)
    {
        string[] layers = [.. Parameters.Select(LayerOf).Distinct()];
        foreach (string name in names.Except(layers))
        {
            throw new AlexNetException($"There is no layer '{name}' with weights to train or to skip. Such layers are {string.Join(", ", layers)}.");
        }
    }
}
