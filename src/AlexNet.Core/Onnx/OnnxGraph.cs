using AlexNetTF.Onnx.Protos;
using Google.Protobuf;

namespace AlexNetTF.Onnx;

/// <summary>An ONNX graph in the making: nodes, stored tensors, and names that are all different.</summary>
internal sealed class OnnxGraph
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public GraphProto Proto { get; } = new() { Name = "graph" };

    /// <summary>The stored tensors with their bytes, in the order of their use.</summary>
    public List<(TensorProto Tensor, byte[] Bytes)> Stored { get; } = [];

    /// <summary>A name that is not taken, the wanted one if possible.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 1; !names.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>Adds a node with one output.</summary>
    public string Add(string type, string name, IEnumerable<string> inputs, params AttributeProto[] attributes) =>
        Add(type, [name], inputs, attributes)[0];

    /// <summary>Adds a node; the outputs' names are changed where they are taken.</summary>
    public string[] Add(string type, IReadOnlyList<string> outputs, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        string[] unique = [.. outputs.Select(Unique)];
        AddNamed(type, unique, inputs, attributes);
        return unique;
    }

    /// <summary>Adds a node whose outputs' names were reserved before.</summary>
    public void AddNamed(string type, IReadOnlyList<string> outputs, IEnumerable<string> inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = outputs[0] };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        Proto.Node.Add(node);
    }

    /// <summary>Stores a tensor.</summary>
    /// <param name="name">The wanted name.</param>
    /// <param name="type">The element type.</param>
    /// <param name="dims">The sizes.</param>
    /// <param name="bytes">The elements, least significant byte first.</param>
    public string Store(string name, DType type, IEnumerable<int> dims, byte[] bytes)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)OnnxTypes.Of(type) };
        tensor.Dims.Add(dims.Select(size => (long)size));
        Stored.Add((tensor, bytes));
        return tensor.Name;
    }

    /// <summary>Stores a vector of integers, as many inputs of ONNX's operators are.</summary>
    public string Store(string name, params ReadOnlySpan<long> values)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Store(name, DType.Int64, [values.Length], bytes);
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Float(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Ints(string name, params IEnumerable<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}

/// <summary>Element types in ONNX's terms.</summary>
internal static class OnnxTypes
{
    public static TensorProto.Types.DataType Of(DType type) => type switch
    {
        DType.Float32 => TensorProto.Types.DataType.Float,
        DType.Float64 => TensorProto.Types.DataType.Double,
        DType.Int32 => TensorProto.Types.DataType.Int32,
        DType.Int64 => TensorProto.Types.DataType.Int64,
        DType.Int16 => TensorProto.Types.DataType.Int16,
        DType.Int8 => TensorProto.Types.DataType.Int8,
        DType.UInt8 => TensorProto.Types.DataType.Uint8,
        DType.Bool => TensorProto.Types.DataType.Bool,
        _ => throw new GraphException($"ONNX models hold no tensors of type {type.Name()}."),
    };
}
