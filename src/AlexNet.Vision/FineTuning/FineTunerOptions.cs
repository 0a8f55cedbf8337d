namespace AlexNetTF;

/// <summary>How a network is fine-tuned. The defaults work well for a few hundred to a few thousand pictures; <see cref="Article"/> holds the article's values.</summary>
public sealed record FineTunerOptions
{
    /// <summary>The article's choices: plain gradient descent at 0.01, batches of 128, half of fc6's and fc7's results dropped, pictures mirrored.</summary>
    public static FineTunerOptions Article { get; } = new()
    {
        TrainLayers = ["fc8", "fc7"],
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 0.01f,
        BatchSize = 128,
        Epochs = 10,
        KeepProb = 0.5f,
        Augmentation = Augmentation.Article,
    };

    /// <summary>The weight file to start from, of any format that <see cref="WeightFile"/> reads; null: TensorFlow's initial values for <see cref="Seed"/>.</summary>
    public string? Weights { get; init; }

    /// <summary>A run folder or a checkpoint to start from, instead of <see cref="Weights"/>; slots and step are not taken over.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether layers that the weights lack keep the initial values of <see cref="Seed"/>; if not, a missing layer is an error.</summary>
    public bool AllowMissingLayers { get; init; }

    /// <summary>Accepts weights that are infinite or no number.</summary>
    public bool AllowNonFinite { get; init; }

    /// <summary>The order of pooling and normalization; null: what the weights are recognised as, else the article's.</summary>
    public Topology? Topology { get; init; }

    /// <summary>How pictures become the network's input; null: as <see cref="Checkpoint"/> was trained, else the topology's <see cref="TopologyPreprocessing.DefaultPreprocessing"/>.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>The layers whose weights and biases change.</summary>
    public IReadOnlyList<string> TrainLayers { get; init; } = ["fc8"];

    /// <summary>The layers that are not taken from the weights but start at initial values; null: <see cref="TrainLayers"/>.</summary>
    public IReadOnlyList<string>? SkipLayers { get; init; }

    /// <summary>The rule of the updates.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The learning rate at step 0.</summary>
    public float LearningRate { get; init; } = 3e-4f;

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The share of the last step that goes on; null: 0.9 for <see cref="OptimizerKind.Momentum"/>, 0 for <see cref="OptimizerKind.RmsProp"/>.</summary>
    public float? Momentum { get; init; }

    /// <summary>Whether Momentum looks ahead.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Adam's β1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Adam's β2.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Adam's or RMSProp's ε; null: TensorFlow's, 1e-8 and 1e-10.</summary>
    public float? Epsilon { get; init; }

    /// <summary>RMSProp's decay.</summary>
    public float Decay { get; init; } = 0.9f;

    /// <summary>How often every training picture is seen.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Pictures in a step; the last step of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The share of fc6's and fc7's results that dropout keeps while training.</summary>
    public float KeepProb { get; init; } = 1;

    /// <summary>Decides initial values, order, augmentation and dropout: the same seed gives the same run, bit for bit.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Random changes of the training pictures.</summary>
    public Augmentation Augmentation { get; init; } = Augmentation.None;

    /// <summary>A factor of the loss for each class; null: 1 for all.</summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>λ: the loss gets λ · Σ w²/2 over the weights (not the biases) of the trained layers.</summary>
    public float L2 { get; init; }

    /// <summary>The largest Euclidean norm of all gradients together; larger ones are scaled down. 0: no limit.</summary>
    public float ClipNorm { get; init; }

    /// <summary>Ends the run after so many epochs without a better one; 0: never.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between two lines of metrics.jsonl and two reports of progress.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Steps between two checkpoints within an epoch; 0: only after each epoch.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Whether every epoch's checkpoint is kept, not only the last and the best.</summary>
    public bool KeepAllCheckpoints { get; init; }

    /// <summary>Whether checkpoints hold TensorFlow's files too.</summary>
    public CheckpointKind CheckpointFormat { get; init; }

    /// <summary>Whether the run's folder gets a folder <c>tensorboard</c>: curves, histograms, the graph and some pictures.</summary>
    public bool TensorBoard { get; init; } = true;

    /// <summary>The run's folder; it must be new or empty.</summary>
    public string Output { get; init; } = "run";

    /// <summary>Whether what the layers before the trained ones compute is kept for each picture.</summary>
    public bool FeatureCache { get; init; } = true;

    /// <summary>Bytes of kept features that may lie in memory; more go to a memory-mapped file in the run's folder.</summary>
    public long FeatureCacheMemory { get; init; } = 1L << 30;

    /// <summary>Whether report.html is written at the end.</summary>
    public bool Report { get; init; } = true;

    /// <summary>Engine, threads, precision.</summary>
    public SessionOptions Session { get; init; } = new();

    /// <summary>How pictures become the network's input once the weights have been asked.</summary>
    internal Preprocessing Input => Preprocessing ?? (Topology ?? AlexNetTF.Topology.Article).DefaultPreprocessing();

    /// <summary>Builds the scores [batch, classes] of another network than AlexNet; tests use a small one.</summary>
    internal Func<Tensor, Operand, int, Tensor>? Network { get; init; }

    /// <summary>This, or the error that names the option that is out of range.</summary>
    internal FineTunerOptions Validated()
    {
        Require(TrainLayers.Count > 0, nameof(TrainLayers), "none", "name at least one layer, such as fc8");
        Require(Weights is null || Checkpoint is null, nameof(Checkpoint), Checkpoint, $"{nameof(Weights)} is {Weights}; give one of them");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "it must be positive");
        Require(Epochs > 0, nameof(Epochs), Epochs, "it must be positive");
        Require(BatchSize > 0, nameof(BatchSize), BatchSize, "it must be positive");
        Require(KeepProb is > 0 and <= 1, nameof(KeepProb), KeepProb, "it must be above 0 and at most 1");
        Require(Momentum is null or (>= 0 and < 1), nameof(Momentum), Momentum, "it must be at least 0 and below 1");
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, $"{nameof(Beta1)}, {nameof(Beta2)}", $"{Beta1}, {Beta2}", "both must be at least 0 and below 1");
        Require(Decay is >= 0 and < 1, nameof(Decay), Decay, "it must be at least 0 and below 1");
        Require(Epsilon is null or > 0, nameof(Epsilon), Epsilon, "it must be positive");
        Require(L2 >= 0 && float.IsFinite(L2), nameof(L2), L2, "it must be 0 or more");
        Require(ClipNorm >= 0 && float.IsFinite(ClipNorm), nameof(ClipNorm), ClipNorm, "it must be 0 or more");
        Require(Patience >= 0, nameof(Patience), Patience, "it must be 0 or more");
        Require(LogEvery > 0, nameof(LogEvery), LogEvery, "it must be positive");
        Require(CheckpointEvery >= 0, nameof(CheckpointEvery), CheckpointEvery, "it must be 0 or more");
        Require(FeatureCacheMemory >= 0, nameof(FeatureCacheMemory), FeatureCacheMemory, "it must be 0 or more");
        Require(Output.Length > 0, nameof(Output), "empty", "name a folder");
        Require(ClassWeights is null || ClassWeights.All(weight => weight >= 0 && float.IsFinite(weight)), nameof(ClassWeights), string.Join(", ", ClassWeights ?? []), "weights must be 0 or more");
        _ = Input.Validated();
        _ = Augmentation.Validated();
        _ = Schedule.Validated();
        return this;
    }

    private static void Require(bool holds, string property, object? value, string rule)
    {
        if (!holds) throw new AlexNetException($"FineTunerOptions.{property} is {value}: {rule}.");
    }
}
