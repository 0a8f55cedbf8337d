using AlexNetTF.Execution;

namespace AlexNetTF.FineTuning;

/// <summary>Gives a network the values that it starts from.</summary>
internal static class StartingWeights
{
    /// <summary>Topology and preprocessing as the weights tell them, where the options leave them open.</summary>
    public static FineTunerOptions Complete(FineTunerOptions options)
    {
        CheckpointFolder? checkpoint = options.Checkpoint is { } path ? CheckpointFolder.Find(path) : null;
        Topology topology = options.Topology ?? checkpoint?.Topology ?? (options.Weights is { } file ? TopologyOf(file) : null) ?? Topology.Article;
        return options with { Topology = topology, Preprocessing = options.Preprocessing ?? checkpoint?.Preprocessing ?? topology.DefaultPreprocessing() };
    }

    /// <summary>Loads the weights, and initial values where the weights have none or are not wanted.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What it starts from.</param>
    /// <param name="frozenOnly">Leaves the trained layers and the optimizer's state as they are.</param>
    /// <exception cref="FileFormatException">The file is damaged, does not fit, or lacks a layer that is not to be skipped.</exception>
    public static void Load(TrainingNetwork network, FineTunerOptions options, bool frozenOnly = false)
    {
        IReadOnlyList<string> skip = options.SkipLayers ?? options.TrainLayers;
        if (frozenOnly) skip = [.. skip.Union(options.TrainLayers)];
        if (options.Weights is { } path)
        {
            WeightReport report = WeightLoader.Load(network.Session, path, skip, options.AllowNonFinite);
            if (!options.AllowMissingLayers) RequireAll(path, [.. report.Missing]);
        }
        else if (options.Checkpoint is { } checkpoint)
        {
            CheckpointFolder source = CheckpointFolder.Find(checkpoint);
            Variable[] wanted = [.. network.Parameters.Where(variable => !skip.Contains(TrainingNetwork.LayerOf(variable)))];
            string[] missing = source.LoadInto(network.Session, wanted);
            if (!options.AllowMissingLayers) RequireAll(source.Path, missing);
        }

        Initialize(network, options, frozenOnly ? network.Frozen : network.Parameters);
        if (frozenOnly) return;
        network.Session.Run(network.Graph.VariablesInitializer([.. network.State, network.Step]));
    }

    private static Topology? TopologyOf(string path)
    {
        using WeightSource source = WeightFile.Open(path);
        return Enum.TryParse(source.Hints.Topology, out Topology topology) ? topology : null;
    }

    // The values are those of the article's graph, whose dropout takes seeds too, whatever this network's keepProb is: so
    // one seed means one network.
    private static void Initialize(TrainingNetwork network, FineTunerOptions options, IEnumerable<Variable> variables)
    {
        Variable[] missing = [.. variables.Where(variable => !variable.IsInitialized(network.Session))];
        if (missing.Length == 0) return;
        var graph = new Graph();
        graph.SetRandomSeed(options.Seed);
        Tensor x = graph.Placeholder(DType.Float32, TrainingNetwork.InputShape(options), "x");
        Tensor keepProb = graph.Placeholder(DType.Float32, Shape.Scalar, "keep_prob");
        _ = TrainingNetwork.BuildScores(options, network.Topology, x, keepProb, network.Classes);
        Dictionary<string, Variable> twins = graph.GlobalVariables().ToDictionary(variable => variable.Op.Name, StringComparer.Ordinal);
        using var session = new Session(graph, options.Session with { Target = "", DeviceFilters = [] });
        if (session.Engine is ManagedEngine computing && network.Session.Engine is ManagedEngine)
        {
            // The memory that the values are drawn into becomes the network's: some are a hundred megabytes and more.
            Variable[] drawn = Array.ConvertAll(missing, variable => twins[variable.Op.Name]);
            session.Run(graph.VariablesInitializer(drawn));
            network.Session.Engine.Write([.. missing.Zip(drawn, (variable, twin) => new VariableWrite(variable.Op, _ => { }, () => computing.Release(twin.Op)))]);
            return;
        }

        foreach (Variable variable in missing) variable.Load(session.Run(twins[variable.Op.Name].InitialValue), network.Session);
    }

    private static void RequireAll(string path, string[] missing)
    {
        if (missing.Length == 0) return;
        throw new FileFormatException(
            path, $"there are no values for {string.Join(", ", missing)}. Put the layers into the skip list or allow missing layers, and they start at initial values.");
    }
}
