using System.Text;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// An operation's attributes as TensorFlow's AttrValue: what <see cref="Operation.GetAttributes"/> lists, for graphs that
/// are written and for the engine that hands them on.
/// </summary>
internal static class AttributeCodec
{
    /// <summary>The message of a value that an <see cref="AttributeMap"/> holds. The oneof is set even for 0, "" and false.</summary>
    public static AttrValue Encode(object value) => value switch
    {
        DType type => new AttrValue { Type = Of(type) },
        Shape shape => new AttrValue { Shape = Of(shape) },
        long number => new AttrValue { I = number },
        float number => new AttrValue { F = number },
        bool flag => new AttrValue { B = flag },
        string text => new AttrValue { S = Of(text) },
        TensorData data => new AttrValue { Tensor = TensorProtos.Encode(data) },
        IReadOnlyList<long> list => OfList(new() { I = { list } }),
        IReadOnlyList<string> list => OfList(new() { S = { list.Select(Of) } }),
        IReadOnlyList<DType> list => OfList(new() { Type = { list.Select(Of) } }),
        _ => throw new InvalidOperationException($"An attribute of {value.GetType()} has no message."),
    };

    /// <summary>A number as TensorFlow's element type; the two enumerations have the same numbers.</summary>
    public static DataType Of(DType type) => (DataType)(int)type;

    /// <summary>A shape; −1 for an unknown size.</summary>
    public static TensorShapeProto Of(Shape shape)
    {
        if (!shape.HasRank) return new TensorShapeProto { UnknownRank = true };
        return Shapes.ToProto(Array.ConvertAll(shape.ToArrayOrMinusOne(), size => (long)size));
    }

    /// <summary>A shape from its message; null where a size is beyond what a tensor can have.</summary>
    public static Shape? ToShape(TensorShapeProto proto)
    {
        if (proto.UnknownRank) return Shape.Unknown;
        if (proto.Dim.Count > Shapes.MaxRank || proto.Dim.Any(dim => dim.Size is < -1 or > int.MaxValue)) return null;
        return Shape.Of([.. proto.Dim.Select(dim => (int)dim.Size)]);
    }

    private static ByteString Of(string text) => ByteString.CopyFrom(text, Encoding.UTF8);

    private static AttrValue OfList(AttrValue.Types.ListValue list) => new() { List = list };
}
