using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>One tensor of a checkpoint: what the index file says of it.</summary>
public sealed class CheckpointEntry
{
    internal CheckpointEntry(string name, BundleEntryProto proto, long[] shape)
    {
        Name = name;
        Proto = proto;
        Shape = shape;
        Count = Shapes.Count(shape);
    }

    /// <summary>The variable's name, without <c>:0</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// TensorFlow's name of the element type, such as <c>float32</c>; it may be a type that no op of this library
    /// computes with, such as <c>bfloat16</c>, <c>string</c> or <c>quint8</c>.
    /// </summary>
    public string TypeName => DataTypes.Name(Proto.Dtype);

    /// <summary>The element type where this library computes with it, else null (for strings too).</summary>
    public DType? DType => DataTypes.ToDType(Proto.Dtype) is { } type and not AlexNetTF.DType.String ? type : null;

    /// <summary>The sizes of the dimensions; none for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Whether the tensor is stored in slices, as TensorFlow's partitioned variables are.</summary>
    public bool IsPartitioned => Proto.Slices.Count > 0;

    internal BundleEntryProto Proto { get; }

    internal long[] Dimensions => (long[])Shape;

    /// <summary>Name, element type and shape: <c>conv1/weights float32[11,11,3,96]</c>.</summary>
    public override string ToString() => $"{Name} {TypeName}[{string.Join(",", Shape)}]";
}
