using AlexNetTF.Onnx.Protos;

namespace AlexNetTF.Onnx;

/// <summary>A tensor's name in the model, and whether its four dimensions stand there as [batch, channels, height, width].</summary>
internal readonly record struct OnnxValue(string Name, bool ChannelsFirst);

/// <summary>
/// Turns the part of a graph between inputs and outputs into ONNX nodes, from the outputs backwards. Pictures stay
/// channels first, as ONNX's convolutions and pools want them, from one such op to the next: a Transpose stands only
/// where an op needs TensorFlow's order. What does not depend on the inputs is computed once, by the session.
/// </summary>
internal sealed class OnnxExporter
{
    private readonly Session session;
    private readonly IReadOnlyList<OnnxPort> inputs;
    private readonly IReadOnlyList<OnnxPort> outputs;
    private readonly Feeds? constants;
    private readonly OnnxExportOptions options;
    private readonly OnnxReach reach;
    private readonly Dictionary<Tensor, OnnxValue> values = [];
    private readonly Dictionary<(Tensor Tensor, bool ChannelsFirst), string> ordered = [];
    private readonly Dictionary<Tensor, TensorData> known = [];
    private readonly SortedSet<string> refused = new(StringComparer.Ordinal);

    public OnnxExporter(Session session, IReadOnlyList<OnnxPort> inputs, IReadOnlyList<OnnxPort> outputs, Feeds? constants, OnnxExportOptions options)
    {
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
        this.constants = constants;
        this.options = options;
        reach = new OnnxReach(inputs.Select(port => port.Tensor), outputs.Select(port => port.Tensor), [.. (constants ?? []).Select(pair => pair.Key)]);
    }

    /// <summary>The nodes and tensors so far.</summary>
    public OnnxGraph Graph { get; } = new();

    private bool ChannelsFirst => options.Layout == OnnxLayout.Nchw;

    /// <summary>The whole model's graph.</summary>
    /// <exception cref="GraphException">Ops without a counterpart in ONNX, all in one message.</exception>
    public OnnxGraph Export()
    {
        foreach (OnnxPort port in inputs.Concat(outputs)) Reserve(port);
        foreach (OnnxPort port in inputs) AddInput(port, isFirst: ReferenceEquals(port, inputs[0]));
        string[] results = [.. outputs.Select(port => Ordered(port.Tensor, ChannelsFirst && IsPicture(port.Tensor)))];
        if (refused.Count > 0)
        {
            throw new GraphException($"The graph cannot be written as an ONNX model: {string.Join("; ", refused)}.");
        }

        for (int i = 0; i < outputs.Count; i++)
        {
            Graph.AddNamed("Identity", [outputs[i].Name], [results[i]]);
            Graph.Proto.Output.Add(Describe(outputs[i].Name, outputs[i].Tensor.DType, outputs[i].Tensor.Shape, ChannelsFirst && IsPicture(outputs[i].Tensor)));
        }

        return Graph;
    }

    /// <summary>Notes that an op cannot be written; its outputs get names, so that the search for others goes on.</summary>
    public OnnxValue[] Refuse(Operation op, string reason)
    {
        refused.Add($"{op.Type} '{op.Name}' {reason}");
        return [.. op.Outputs.Select(output => new OnnxValue("", ChannelsFirst: false))];
    }

    /// <summary>Whether the value follows from variables and given values alone.</summary>
    public bool IsConstant(Tensor tensor) => reach.IsConstant(tensor);

    /// <summary>Whether numbers drawn at random are in the value.</summary>
    public bool IsRandom(Tensor tensor) => reach.IsRandom(tensor);

    /// <summary>Whether one node alone takes the value.</summary>
    public bool IsUsedOnce(Tensor tensor) => reach.Uses(tensor) == 1;

    /// <summary>A constant's value.</summary>
    public TensorData Constant(Tensor tensor)
    {
        if (!known.TryGetValue(tensor, out TensorData? data))
        {
            known.Add(tensor, data = tensor.Op.Def.Constant ?? TensorData.From(session.Run(tensor, constants)));
        }

        return data;
    }

    /// <summary>A constant's integers; null where the tensor is no constant of integers.</summary>
    public long[]? Integers(Tensor tensor) => IsConstant(tensor) && tensor.DType.IsInteger() ? Constant(tensor).ToInt64s() : null;

    /// <summary>The value in whichever order it has.</summary>
    public OnnxValue Value(Tensor tensor)
    {
        if (values.TryGetValue(tensor, out OnnxValue found)) return found;
        if (IsConstant(tensor)) return values[tensor] = new OnnxValue(Store(tensor), ChannelsFirst: false);
        OnnxValue[] made = OnnxLowerings.Lower(this, tensor.Op);
        for (int i = 0; i < made.Length; i++) values[tensor.Op.Outputs[i]] = made[i];
        return values[tensor];
    }

    /// <summary>The value as TensorFlow orders it.</summary>
    public string Nhwc(Tensor tensor) => Ordered(tensor, channelsFirst: false);

    /// <summary>The value of four dimensions as ONNX's convolutions want it.</summary>
    public string Nchw(Tensor tensor) => Ordered(tensor, channelsFirst: true);

    /// <summary>Stores a constant under the name of its variable or node, its axes in another order where one is given.</summary>
    public string Store(Tensor tensor, params ReadOnlySpan<int> axes)
    {
        TensorData data = Constant(tensor);
        if (axes.Length == 0) return StoreAs(tensor, data.Dims);
        var dims = new int[axes.Length];
        for (int i = 0; i < dims.Length; i++) dims[i] = data.Dims[axes[i]];
        byte[] bytes = OnnxBytes.Transpose(Bytes(data), data.Type.Size(), data.Dims, axes);
        return Graph.Store(NameOf(tensor), data.Type, dims, OnnxBytes.LittleEndian(bytes, data.Type.Size()));
    }

    /// <summary>Stores a constant with other sizes for the same elements.</summary>
    public string StoreAs(Tensor tensor, params int[] dims)
    {
        TensorData data = Constant(tensor);
        return Graph.Store(NameOf(tensor), data.Type, dims, OnnxBytes.LittleEndian(Bytes(data).ToArray(), data.Type.Size()));
    }

    /// <summary>The name that a tensor's node suggests: an output but the first has its number.</summary>
    public static string NameOf(Tensor tensor)
    {
        Operation op = tensor.Op;
        // TensorFlow reads a variable through an Identity called NAME/read.
        while (op is { Type: "Identity", Inputs: [{ Op.Def.IsVariable: true } variable] }) op = variable.Op;
        return tensor.Index == 0 ? op.Name : $"{op.Name}:{tensor.Index}";
    }

    private static unsafe ReadOnlySpan<byte> Bytes(TensorData data) => new(data.Memory.Pointer, checked((int)data.Bytes));

    private static bool IsPicture(Tensor tensor) => tensor.Shape is { HasRank: true, Rank: 4 };

    private string Ordered(Tensor tensor, bool channelsFirst)
    {
        if (ordered.TryGetValue((tensor, channelsFirst), out string? name)) return name;
        if (channelsFirst && IsConstant(tensor)) return ordered[(tensor, true)] = Store(tensor, 0, 3, 1, 2);
        OnnxValue value = Value(tensor);
        return ordered[(tensor, channelsFirst)] = value.ChannelsFirst == channelsFirst ? value.Name : Transpose(value.Name, channelsFirst);
    }

    private string Transpose(string name, bool channelsFirst) => channelsFirst
        ? Graph.Add("Transpose", name + "/nchw", [name], OnnxGraph.Ints("perm", 0, 3, 1, 2))
        : Graph.Add("Transpose", name + "/nhwc", [name], OnnxGraph.Ints("perm", 0, 2, 3, 1));

    private void Reserve(OnnxPort port)
    {
        if (Graph.Unique(port.Name) != port.Name) throw new GraphException($"Two inputs or outputs of the model are called '{port.Name}'; their names must differ.");
    }

    private void AddInput(OnnxPort port, bool isFirst)
    {
        bool first = ChannelsFirst && IsPicture(port.Tensor);
        OnnxPreprocessing? preprocessing = isFirst ? options.Preprocessing : null;
        Graph.Proto.Input.Add(Describe(port.Name, preprocessing is null ? port.Tensor.DType : DType.UInt8, port.Tensor.Shape, first));
        string name = preprocessing is null ? port.Name : OnnxPixels.Prepare(Graph, port, preprocessing, first);
        values.Add(port.Tensor, new OnnxValue(name, first));
    }

    private static ValueInfoProto Describe(string name, DType type, Shape shape, bool channelsFirst)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)OnnxTypes.Of(type) };
        if (shape.HasRank)
        {
            tensor.Shape = new TensorShapeProto();
            int[] axes = channelsFirst ? [0, 3, 1, 2] : [.. Enumerable.Range(0, shape.Rank)];
            foreach (int axis in axes) tensor.Shape.Dim.Add(Dimension(shape[axis], axis));
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static TensorShapeProto.Types.Dimension Dimension(int? size, int axis) => size is { } given
        ? new() { DimValue = given }
        : new() { DimParam = axis == 0 ? "batch" : $"size_{axis}" };
}
