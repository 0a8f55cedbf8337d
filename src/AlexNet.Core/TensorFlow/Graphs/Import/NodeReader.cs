using System.Text;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>A node of a file and its attributes; one that is left out has its default.</summary>
/// <param name="Node">The node.</param>
/// <param name="Path">The file, for errors.</param>
/// <param name="Producer">The version of the program that wrote the graph.</param>
internal sealed record NodeReader(NodeDef Node, string Path, int Producer)
{
    // Up to this version a placeholder without a shape was written as one of no dimensions.
    private const int LastWithoutScalarShapes = 21;

    /// <summary>The number of data inputs.</summary>
    public int InputCount { get; } = Node.Input.Count(input => !input.StartsWith('^'));

    public FileFormatException Error(string problem, Exception? inner = null) => new(Path, $"the node \"{Node.Name}\" (op {Node.Op}): {problem}", inner);

    public long Integer(string name, long? missing = null) => Find(name, AttrValue.ValueOneofCase.I)?.I ?? missing ?? throw Missing(name);

    public int Int32(string name, int? missing = null)
    {
        long value = Integer(name, missing);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Error($"its {name} is {value}.");
    }

    public float Float(string name, float missing) => Find(name, AttrValue.ValueOneofCase.F)?.F ?? missing;

    public bool Flag(string name, bool missing = false) => Find(name, AttrValue.ValueOneofCase.B)?.B ?? missing;

    public string Text(string name, string? missing = null) => Find(name, AttrValue.ValueOneofCase.S) is { } value ? Encoding.UTF8.GetString(value.S.Span) : missing ?? throw Missing(name);

    public DType Type(string name, DType? missing = null)
    {
        if (Find(name, AttrValue.ValueOneofCase.Type) is not { } value) return missing ?? throw Missing(name);
        return DataTypes.ToDType(value.Type) ?? throw Error($"its {name} is {DataTypes.Name(value.Type)}, which no op of this library takes.");
    }

    public DType[] Types(string name)
    {
        if (Find(name, AttrValue.ValueOneofCase.List) is not { } value) throw Missing(name);
        return [.. value.List.Type.Select(type => DataTypes.ToDType(type) ?? throw Error($"its {name} holds {DataTypes.Name(type)}, which no op of this library takes."))];
    }

    /// <summary>A list of integers, of a certain length where one is given.</summary>
    public int[] Integers(string name, int[]? missing = null, int? length = null)
    {
        if (Find(name, AttrValue.ValueOneofCase.List) is not { } value) return missing ?? throw Missing(name);
        if (value.List.I.Any(item => item is < int.MinValue or > int.MaxValue)) throw Error($"its {name} holds numbers beyond 32 bits.");
        if (length is { } needed && value.List.I.Count != needed) throw Error($"its {name} has {value.List.I.Count} numbers; it needs {needed}.");
        return [.. value.List.I.Select(item => (int)item)];
    }

    public Shape ShapeOf(string name, Shape? missing = null)
    {
        if (Find(name, AttrValue.ValueOneofCase.Shape) is not { } value) return missing ?? throw Missing(name);
        return AttributeCodec.ToShape(value.Shape) ?? throw Error($"its {name} is no shape that a tensor can have: {value.Shape}.");
    }

    /// <summary>A placeholder's shape: an old program's "no dimensions" says that nothing is known.</summary>
    public Shape PlaceholderShape()
    {
        Shape shape = ShapeOf("shape", Shape.Unknown);
        return Producer <= LastWithoutScalarShapes && shape.Equals(Shape.Scalar) ? Shape.Unknown : shape;
    }

    public TensorData Tensor(string name) =>
        TensorProtos.Decode((Find(name, AttrValue.ValueOneofCase.Tensor) ?? throw Missing(name)).Tensor, Path, $"node \"{Node.Name}\"");

    public (long Seed, long Seed2) Seeds() => (Integer("seed", 0), Integer("seed2", 0));

    /// <summary>The names that <c>_class</c> places the node beside.</summary>
    public string[] Colocation()
    {
        const string prefix = "loc:@";
        if (!Node.Attr.TryGetValue("_class", out AttrValue? value) || value.List is not { } list) return [];
        return [.. list.S.Select(item => item.ToStringUtf8()).Where(item => item.StartsWith(prefix, StringComparison.Ordinal)).Select(item => item[prefix.Length..])];
    }

    private AttrValue? Find(string name, AttrValue.ValueOneofCase kind)
    {
        if (!Node.Attr.TryGetValue(name, out AttrValue? value) || value.ValueCase == AttrValue.ValueOneofCase.None) return null;
        return value.ValueCase == kind ? value : throw Error($"its attribute {name} is of the kind {value.ValueCase}; it must be {kind}.");
    }

    private FileFormatException Missing(string name) => Error($"it lacks the attribute {name}.");
}
