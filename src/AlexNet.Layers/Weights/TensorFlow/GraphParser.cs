namespace AlexNetTF.Weights;

/// <summary>
/// Reads TensorFlow's GraphDef, alone or inside a MetaGraphDef or SavedModel: the constants, whose values stay in the
/// file, and whether there are variables.
/// </summary>
internal sealed class GraphParser(WeightBytes file, List<IDisposable> owned)
{
    private const int GraphNode = 1, MetaGraph = 2, SavedModelMetaGraphs = 2;
    private const int NodeName = 1, NodeOp = 2, NodeAttribute = 5;
    private const int EntryKey = 1, EntryValue = 2, ValueTensor = 8;

    private readonly GraphContent _content = new();

    public GraphContent ParseGraph() => Parse(message => Nodes(message));

    public GraphContent ParseMetaGraph() => Parse(message => Each(message, MetaGraph, Nodes));

    public GraphContent ParseSavedModel() => Parse(message => Each(message, SavedModelMetaGraphs, meta => Each(meta, MetaGraph, Nodes)));

    private GraphContent Parse(Action<WireMessage> parse)
    {
        parse(new WireMessage(new FileWindow(file), 0, file.Length));
        return _content;
    }

    private static void Each(WireMessage message, int number, Action<WireMessage> visit)
    {
        while (message.Read(out WireField field))
        {
            if (field.Is(number, WireType.Bytes))
            {
                visit(message.Message(field));
            }
        }
    }

    private void Nodes(WireMessage graph) => Each(graph, GraphNode, Node);

    private void Node(WireMessage node)
    {
        string name = "", op = "";
        WireMessage? tensor = null;
        while (node.Read(out WireField field))
        {
            switch (field.Number)
            {
                case NodeName when field.Type == WireType.Bytes: name = node.Text(field); break;
                case NodeOp when field.Type == WireType.Bytes: op = node.Text(field); break;
                case NodeAttribute when field.Type == WireType.Bytes: tensor = Value(node.Message(field)) ?? tensor; break;
            }
        }

        _content.Nodes++;
        if (op == "LRN") _content.FirstNormalization ??= _content.Nodes;
        if (op == "MaxPool") _content.FirstPooling ??= _content.Nodes;
        if (op is "Variable" or "VariableV2" or "VarHandleOp")
        {
            _content.Variable ??= name;
        }
        else if (op == "Const" && tensor is not null)
        {
            _content.Constants.Add(new GraphTensorParser(owned).Parse(tensor, name));
            WeightEntries.RequireFewer(file, node.Start, _content.Constants.Count);
        }
    }

    /// <summary>The tensor of the attribute called value; null for any other attribute.</summary>
    private static WireMessage? Value(WireMessage entry)
    {
        string key = "";
        WireMessage? tensor = null;
        while (entry.Read(out WireField field))
        {
            if (field.Is(EntryKey, WireType.Bytes))
            {
                key = entry.Text(field);
            }
            else if (field.Is(EntryValue, WireType.Bytes))
            {
                Each(entry.Message(field), ValueTensor, found => tensor = found);
            }
        }

        return key == "value" ? tensor : null;
    }
}
