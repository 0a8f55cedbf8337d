namespace AlexNetTF.Classification;

/// <summary>An AlexNet with its session, built as options and weight file say.</summary>
internal sealed class ClassifierNetwork : IDisposable
{
    public ClassifierNetwork(AlexNet net, Session session, Preprocessing preprocessing, WeightReport? report)
    {
        Net = net;
        Session = session;
        Preprocessing = preprocessing;
        Report = report;
    }

    public AlexNet Net { get; }

    public Session Session { get; }

    /// <summary>The options', or what belongs to the topology.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>What loading did; null where there was no file.</summary>
    public WeightReport? Report { get; }

    /// <param name="weightsPath">The weight file; null for a network of initial values, which needs a seed.</param>
    /// <param name="options">How to build it.</param>
    public static ClassifierNetwork Build(string? weightsPath, ClassifierOptions options)
    {
        if (weightsPath is null && options.Seed is null)
        {
            throw new AlexNetException("A network needs weights: name a weight file, or set a seed to keep the initial values.");
        }

        (int? fileClasses, Topology? fileTopology) = weightsPath is null ? (null, null) : Recognise(weightsPath);
        Topology topology = options.Topology ?? fileTopology ?? Topology.Article;
        Preprocessing preprocessing = options.Preprocessing ?? topology.DefaultPreprocessing();
        var graph = new Graph();
        graph.SetRandomSeed(options.Seed);
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, preprocessing.Height, preprocessing.Width, 3), "x");
        Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        int classes = options.Classes ?? options.Labels?.Count ?? fileClasses ?? 1000;
        if (fileClasses is { } count && count != classes)
        {
            string asked = options.Classes is null ? $"the labels given are {classes}" : $"ClassifierOptions.Classes is {classes}";
            throw new FileFormatException(weightsPath!, $"its last layer tells {count} classes apart, {asked}. Give the labels that belong to these weights, or none to number the classes.");
        }

        var net = new AlexNet(x, keepProb, classes, weightsPath: weightsPath ?? "", topology: topology);
        var session = new Session(graph, options.Session);
        try
        {
            WeightReport? report = weightsPath is null ? null : WeightLoader.Load(session, weightsPath, allowNonFinite: options.AllowNonFinite, loading: options.WeightLoading);
            Initialize(session, report, options.Seed);
            return new ClassifierNetwork(net, session, preprocessing, report);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    // The number of classes is the length of fc8's biases; the topology is what names, shapes and the file's own graph tell.
    private static (int? Classes, Topology? Topology) Recognise(string path)
    {
        using WeightSource source = WeightFile.Open(path);
        WeightEntry? biases = source.Entries.FirstOrDefault(entry => entry.Name == "fc8/biases" && entry.Shape.Count == 1);
        return (
            biases is null ? null : (int)biases.Shape[0],
            Enum.TryParse(source.Hints.Topology, out Topology topology) ? topology : null);
    }

    // Only what the file lacks: initial values of 244 MB that are overwritten at once would cost more than loading.
    private static void Initialize(Session session, WeightReport? report, long? seed)
    {
        Graph graph = session.Graph;
        Variable[] missing = [.. graph.GlobalVariables().Where(variable => !variable.IsInitialized(session))];
        if (missing.Length == 0) return;
        if (seed is null)
        {
            throw new FileFormatException(
                report!.Path,
                $"the file has no values for {string.Join(", ", missing.Select(variable => variable.Op.Name))}. Set a seed to keep initial values there, or use a file that has all layers.");
        }

        session.Run(graph.VariablesInitializer(missing));
    }
}
