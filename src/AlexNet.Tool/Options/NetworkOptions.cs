using System.CommandLine;

namespace AlexNetTF.Tool;

/// <summary>Which network is built and what its weights are.</summary>
internal sealed class NetworkOptions
{
    private readonly Option<string?> weights = new("--weights") { Description = "The weight file (.npy, .npz, safetensors, caffemodel …)." };

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

    public static NetworkOptions AddTo(Command command)
    {
        var options = new NetworkOptions();
        foreach (Option option in (Option[])[options.weights, options.topology, options.preprocessing, options.allowNonFinite, options.labels, options.classes, options.seed])
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
        string? path = parsed.GetValue(weights);
        long? graphSeed = parsed.GetValue(seed);
        if (path is null && graphSeed is null) throw new UsageException("name the weights with --weights FILE, or keep initial values with --seed N");
        var options = new ClassifierOptions
        {
            Topology = parsed.GetValue(topology) is { } name ? ParseTopology(name) : null,
            Preprocessing = parsed.GetValue(preprocessing) is { } preset ? ParsePreprocessing(preset) : null,
            Labels = parsed.GetValue(labels) is { } file ? Labels.Load(file) : null,
            Classes = parsed.GetValue(classes),
            Seed = graphSeed,
            AllowNonFinite = parsed.GetValue(allowNonFinite),
            Session = session,
        };
        return path is null ? ImageClassifier.FromSeed(options) : ImageClassifier.Load(path, options);
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
