namespace AlexNetTF.Weights;

/// <summary>Reads ONNX's ModelProto and GraphProto: nodes, initialisers and inputs. Values stay in the file.</summary>
internal sealed class OnnxModelParser
{
    private const int ModelGraph = 7;
    private const int GraphNode = 1, GraphInitializer = 5, GraphInput = 11;
    private const int NodeInput = 1, NodeOutput = 2, NodeOp = 4, NodeAttribute = 5;
    private const int AttributeName = 1, AttributeReal = 2, AttributeInteger = 3, AttributeTensor = 5, AttributeIntegers = 8;
    private const int MostNames = 4096;

    // The attributes that tell something about weights; others may hold anything and are passed over.
    private static readonly HashSet<string> KnownAttributes = new(StringComparer.Ordinal)
    {
        "alpha", "beta", "group", "kernel_shape", "pads", "perm", "transA", "transB",
    };

    private readonly WeightBytes _file;
    private readonly OnnxTensorParser _tensors;
    private readonly OnnxGraph _graph = new();

    public OnnxModelParser(WeightBytes file, List<IDisposable> owned)
    {
        _file = file;
        _tensors = new OnnxTensorParser(new OnnxExternalData(file, owned), owned);
    }

    public OnnxGraph Parse()
    {
        var model = new WireMessage(new FileWindow(_file), 0, _file.Length);
        while (model.Read(out WireField field))
        {
            if (field.Is(ModelGraph, WireType.Bytes))
            {
                ParseGraph(model.Message(field));
            }
        }

        _graph.Inputs.RemoveAll(input => _graph.Tensors.ContainsKey(input.Name));
        return _graph;
    }

    private void ParseGraph(WireMessage graph)
    {
        while (graph.Read(out WireField field))
        {
            if (field.Is(GraphNode, WireType.Bytes))
            {
                AddNode(graph.Message(field));
            }
            else if (field.Is(GraphInitializer, WireType.Bytes))
            {
                AddTensor(_tensors.Parse(graph.Message(field), name: null), field.Position);
            }
            else if (field.Is(GraphInput, WireType.Bytes))
            {
                _graph.Inputs.Add(OnnxInputParser.Parse(graph.Message(field)));
                WeightEntries.RequireFewer(_file, field.Position, _graph.Inputs.Count);
            }
        }
    }

    private void AddTensor(OnnxTensor tensor, long position)
    {
        if (!_graph.Tensors.TryAdd(tensor.Name, tensor))
        {
            throw _file.Error(position, $"the initialiser '{tensor.Name}' comes twice");
        }

        WeightEntries.RequireFewer(_file, position, _graph.Tensors.Count);
    }

    private void AddNode(WireMessage message)
    {
        string op = "";
        List<string> inputs = [], outputs = [];
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        WireMessage? constant = null;
        while (message.Read(out WireField field))
        {
            switch (field.Number)
            {
                case NodeInput when field.Type == WireType.Bytes: AddName(message, field, inputs); break;
                case NodeOutput when field.Type == WireType.Bytes: AddName(message, field, outputs); break;
                case NodeOp when field.Type == WireType.Bytes: op = message.Text(field); break;
                case NodeAttribute when field.Type == WireType.Bytes:
                    constant = ParseAttribute(message.Message(field), attributes) ?? constant;
                    break;
            }
        }

        if (op == "Constant" && constant is not null && outputs.Count == 1)
        {
            AddTensor(_tensors.Parse(constant, outputs[0]), message.Start);
            return;
        }

        Add(new OnnxNode(op, inputs, outputs, attributes), message.Start);
    }

    private void Add(OnnxNode node, long position)
    {
        _graph.Nodes.Add(node);
        WeightEntries.RequireFewer(_file, position, _graph.Nodes.Count);
        foreach (string output in node.Outputs)
        {
            _graph.Producers[output] = node;
        }
    }

    /// <summary>Notes an attribute, and gives the tensor of a Constant's attribute <c>value</c>.</summary>
    private static WireMessage? ParseAttribute(WireMessage message, Dictionary<string, OnnxAttribute> attributes)
    {
        string name = "";
        long? integer = null;
        float? real = null;
        var lists = new List<WireField>();
        WireMessage? tensor = null;
        while (message.Read(out WireField field))
        {
            switch (field.Number)
            {
                case AttributeName when field.Type == WireType.Bytes: name = message.Text(field); break;
                case AttributeReal when field.Type == WireType.Fixed32: real = message.Float(field); break;
                case AttributeInteger when field.Type == WireType.Varint: integer = (long)field.Value; break;
                case AttributeTensor when field.Type == WireType.Bytes: tensor = message.Message(field); break;
                case AttributeIntegers when lists.Count < Shapes.MaximumRank: lists.Add(field); break;
            }
        }

        if (KnownAttributes.Contains(name))
        {
            var integers = new List<long>();
            lists.ForEach(field => message.AddIntegers(field, integers, Shapes.MaximumRank));
            attributes[name] = new OnnxAttribute(integer, real, integers);
        }

        return name == "value" ? tensor : null;
    }

    private static void AddName(WireMessage message, WireField field, List<string> names)
    {
        if (names.Count == MostNames)
        {
            throw message.File.Error(field.Position, $"a node with more than {MostNames:N0} inputs or outputs");
        }

        names.Add(message.Text(field));
    }
}
