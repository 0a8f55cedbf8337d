namespace AlexNetTF.Weights;

/// <summary>
/// A frozen TensorFlow graph: a GraphDef, or one inside a MetaGraphDef or SavedModel, whose weights are constants
/// called conv1/weights and so on.
/// </summary>
internal sealed class GraphFormat : IWeightFormat
{
    public bool Recognises(WeightBytes file) => WireOutline.Of(file) is var outline && (IsSavedModel(outline) || outline.HasMessageInField1);

    /// <summary>Whether the file is a graph that keeps its weights elsewhere, or has none.</summary>
    public static bool IsGraphWithoutWeights(WeightBytes file)
    {
        if (!new GraphFormat().Recognises(file)) return false;
        var owned = new List<IDisposable>();
        try
        {
            GraphContent graph = Parse(file, new GraphParser(file, owned), WireOutline.Of(file)).Graph;
            return graph.Variable is not null || !graph.Constants.Exists(constant => constant.Values is not null);
        }
        finally
        {
            owned.ForEach(opened => opened.Dispose());
        }
    }

    public WeightSource Open(WeightBytes file)
    {
        var owned = new List<IDisposable>();
        var parser = new GraphParser(file, owned);
        (GraphContent graph, string kind) = Parse(file, parser, WireOutline.Of(file));
        List<GraphConstant> numbers = graph.Constants.FindAll(constant => constant.Values is not null);
        List<GraphConstant> weights = numbers.FindAll(IsWeight);
        if (graph.Variable is not null)
        {
            throw file.Error(0, $"the graph keeps its weights in variables ('{graph.Variable}'), not in itself; name the checkpoint that belongs to it, or freeze it");
        }

        List<GraphConstant> taken = weights.Count > 0 ? weights : numbers;
        if (taken.Count == 0)
        {
            throw file.Error(0, $"the graph of {graph.Nodes:N0} nodes holds no constants that could be weights");
        }

        List<WeightEntry> entries = [.. taken.Select(Entry)];
        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, kind, entries, Hints(graph, graph.Constants.Count - taken.Count), owned);
    }

    private static (GraphContent Graph, string Kind) Parse(WeightBytes file, GraphParser parser, WireOutline outline)
    {
        if (IsSavedModel(outline))
        {
            return (parser.ParseSavedModel(), "TensorFlow SavedModel");
        }

        return IsMetaGraph(file, outline)
            ? (parser.ParseMetaGraph(), "TensorFlow MetaGraphDef")
            : (parser.ParseGraph(), "frozen TensorFlow graph (GraphDef)");
    }

    private static bool IsSavedModel(WireOutline outline) =>
        outline.Has(1, WireType.Varint) && outline.Has(2, WireType.Bytes) && !outline.Has(7, WireType.Bytes) && !outline.Has(8, WireType.Bytes);

    /// <summary>Field 1 of a GraphDef is a node, whose field 2 is the op's name; of a MetaGraphDef it has a message there, or nothing.</summary>
    private static bool IsMetaGraph(WeightBytes file, WireOutline outline)
    {
        WireField first = outline.Field1!.Value;
        var message = new WireMessage(new FileWindow(file), first.Position, first.Position + first.Length);
        while (message.Read(out WireField field))
        {
            if (field.Is(2, WireType.Bytes) && field.Length > 0)
            {
                return !outline.IsName(field);
            }
        }

        return outline.Has(2, WireType.Bytes);
    }

    private static bool IsWeight(GraphConstant constant) =>
        constant.Layout.Shape.Length > 0 && LayerNames.Split(constant.Name) is (not "", LayerNames.Weights or LayerNames.Biases);

    private static WeightEntry Entry(GraphConstant constant)
    {
        (string layer, string parameter) = LayerNames.Split(constant.Name);
        return WeightEntries.AsStored(layer, parameter, constant.Name, constant.Layout, constant.Values!);
    }

    private static WeightHints Hints(GraphContent graph, int others) => new()
    {
        Topology = TopologyOf(graph),
        Notes = Notes(others),
    };

    private static string? TopologyOf(GraphContent graph) => (graph.FirstNormalization, graph.FirstPooling) switch
    {
        (null, _) or (_, null) => null,
        (int norm, int pool) => norm < pool ? "Bvlc" : "Article",
    };

    /// <summary>The topology that a graph tells by its order of normalization and pooling; null where it lacks one of them.</summary>
    public static string? TopologyOf(string path)
    {
        var owned = new List<IDisposable>();
        using WeightBytes file = WeightBytes.Open(path);
        try
        {
            return TopologyOf(Parse(file, new GraphParser(file, owned), WireOutline.Of(file)).Graph);
        }
        finally
        {
            owned.ForEach(opened => opened.Dispose());
        }
    }

    private static List<string> Notes(int others) => others == 0 ? [] : [$"{others:N0} other constants of the graph were left out"];
}
