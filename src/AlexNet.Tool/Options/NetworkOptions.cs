using System.CommandLine;

namespace AlexNetTF.Tool;

/// <summary>Which network is built and what its weights are.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string?> weights = new("--weights") { Description = "The weight file (.npy, .npz, safetensors, caffemodel …)." };

    private readonly Option<string?> checkpoint = new("--checkpoint") { Description = "The folder of a fine-tuning run (its best checkpoint), or of one checkpoint." };

    private readonly Option<string?> topology = new Option<string?>("--topology")
    {
        Description = "article (pooling before normalization), bvlc (the other way round), one-weird-trick (torchvision's); by default what the file is recognised as.",
    };

    private readonly Option<string?> preprocessing = new("--preprocessing")
    {
        Description = "How pictures become the network's input: bvlc (BGR minus the mean), article (BGR as it is), torchvision; by default bvlc, or torchvision for its topology.",
    };

    private readonly Option<bool> allowNonFinite = new("--allow-non-finite") { Description = "Accept weights that are infinite or no number." };
    private readonly Option<string?> labels = new("--labels") { Description = "A file with the classes' names: .txt, a synset file or a Python literal." };
    private readonly Option<int?> classes = new("--classes") { Description = "The number of classes; by default as the labels or the file say." };
    private readonly Option<long?> seed = new("--seed") { Description = "Keep TensorFlow's initial values for this graph seed in layers that the file lacks." };

    /// <param name="command">The command.</param>
    /// <param name="seedToo">What the seed decides beside the initial values.</param>
    public static NetworkOptions AddTo(Command command, string? seedToo = null)
    {
        var options = new NetworkOptions();
        options.seed.Description += seedToo;
        foreach (Option option in (Option[])[options.weights, options.checkpoint, options.topology, options.preprocessing, options.allowNonFinite, options.labels, options.classes, options.seed])
        {
            command.Add(option);
        }

        return options;
    }

    /// <summary>The topology that a name of the command line stands for.</summary>
    public static Topology ParseTopology(string name) => name switch
    {
        "article" => Topology.Article,
        "bvlc" => Topology.Bvlc,
        "one-weird-trick" => Topology.OneWeirdTrick,
        _ => throw new UsageException($"--topology {name}: use article, bvlc or one-weird-trick"),
    };

    /// <summary>Builds the classifier that the options describe.</summary>
    public ImageClassifier Load(ParseResult parsed, SessionOptions session)
    {
        NetworkChoice choice = Read(parsed);
        if (choice.Checkpoint is { } run)
        {
            if (choice.HasSettings) throw new UsageException("--checkpoint brings topology, preprocessing, labels and classes with it: leave those options out");
            return ImageClassifier.FromCheckpoint(run, session);
        }

        var options = new ClassifierOptions
        {
            Topology = choice.Topology,
            Preprocessing = choice.Preprocessing,
            Labels = choice.Labels,
            Classes = choice.Classes,
            Seed = choice.Seed,
            AllowNonFinite = choice.AllowNonFinite,
            Session = session,
        };
        return choice.Weights is { } path ? ImageClassifier.Load(path, options) : ImageClassifier.FromSeed(options);
    }

    /// <summary>What the options say.</summary>
    public NetworkChoice Read(ParseResult parsed)
    {
        var choice = new NetworkChoice
        {
            Weights = parsed.GetValue(weights),
            Checkpoint = parsed.GetValue(checkpoint),
            Topology = parsed.GetValue(topology) is { } order ? ParseTopology(order) : null,
            Preprocessing = parsed.GetValue(preprocessing) is { } name ? ParsePreprocessing(name) : null,
            Labels = parsed.GetValue(labels) is { } file ? Labels.Load(file) : null,
            Classes = parsed.GetValue(classes),
            Seed = parsed.GetValue(seed),
            AllowNonFinite = parsed.GetValue(allowNonFinite),
        };
        if (choice is { Weights: not null, Checkpoint: not null }) throw new UsageException("--weights and --checkpoint exclude each other");
        if (choice is { Weights: null, Checkpoint: null, Seed: null })
        {
            throw new UsageException("name the weights with --weights FILE, a run with --checkpoint FOLDER, or keep initial values with --seed N");
        }

        if (choice.Classes < 1) throw new UsageException($"--classes {choice.Classes} must be at least 1");
        return choice;
    }

    private static Preprocessing ParsePreprocessing(string name)
    {
        try
        {
            return Preprocessing.FromName(name);
        }
        catch (AlexNetException error)
        {
            throw new UsageException($"--preprocessing: {error.Message}");
        }
    }
}

/// <summary>What was chosen; null where an option was left out.</summary>
internal sealed record NetworkChoice
{
    public string? Weights { get; init; }

    public string? Checkpoint { get; init; }

    public Topology? Topology { get; init; }

    public Preprocessing? Preprocessing { get; init; }

    public Labels? Labels { get; init; }

    public int? Classes { get; init; }

    public long? Seed { get; init; }

    public bool AllowNonFinite { get; init; }

    /// <summary>Whether something is said that a checkpoint says too.</summary>
    public bool HasSettings => Topology is not null || Preprocessing is not null || Labels is not null || Classes is not null;
}
