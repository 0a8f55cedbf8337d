using System.Globalization;
using System.Numerics;
using System.Text;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// A graph as a table, one node a line, to compare graphs by: name, op, data inputs, control inputs, device, attributes
/// by name. A tensor of more than 16 elements shows its type and shape only.
/// </summary>
internal static class NodeListing
{
    public const string Header = "name\top\tinputs\tcontrol_inputs\tdevice\tattrs";
    private const int MostElements = 16;

    public static string Write(GraphDef graph)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (NodeDef node in graph.Node) text.Append(Line(node)).Append('\n');
        return text.ToString();
    }

    public static string Line(NodeDef node)
    {
        IEnumerable<string> data = node.Input.Where(input => !input.StartsWith('^')).Select(WithoutZero);
        IEnumerable<string> control = node.Input.Where(input => input.StartsWith('^')).Select(input => input[1..]);
        IEnumerable<string> attributes = node.Attr.OrderBy(attr => attr.Key, StringComparer.Ordinal).Select(attr => $"{attr.Key}={Value(attr.Value, node.Name)}");
        return string.Join('\t', node.Name, node.Op, string.Join(' ', data), string.Join(' ', control), node.Device, string.Join(' ', attributes));
    }

    private static string WithoutZero(string input) => input.EndsWith(":0", StringComparison.Ordinal) ? input[..^2] : input;

    private static string Value(AttrValue value, string node) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.S => Quoted(value.S.Span),
        AttrValue.ValueOneofCase.I => Text(value.I),
        AttrValue.ValueOneofCase.F => PythonNumbers.NineDigits(value.F),
        AttrValue.ValueOneofCase.B => Text(value.B),
        AttrValue.ValueOneofCase.Type => DataTypes.Name(value.Type),
        AttrValue.ValueOneofCase.Shape => Text(value.Shape),
        AttrValue.ValueOneofCase.Tensor => Text(value.Tensor, node),
        AttrValue.ValueOneofCase.Func => value.Func.Name,
        AttrValue.ValueOneofCase.Placeholder => $"${value.Placeholder}",
        AttrValue.ValueOneofCase.List => $"({string.Join(',', Items(value.List, node))})",
        _ => "",
    };

    // One of the lists is filled.
    private static IEnumerable<string> Items(AttrValue.Types.ListValue list, string node) =>
    [
        .. list.S.Select(s => Quoted(s.Span)),
        .. list.I.Select(Text),
        .. list.F.Select(f => PythonNumbers.NineDigits(f)),
        .. list.B.Select(Text),
        .. list.Type.Select(DataTypes.Name),
        .. list.Shape.Select(Text),
        .. list.Tensor.Select(tensor => Text(tensor, node)),
        .. list.Func.Select(func => func.Name),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(TensorShapeProto shape) => shape.UnknownRank ? "?" : $"[{string.Join(',', shape.Dim.Select(dim => Text(dim.Size)))}]";

    private static string Text(TensorProto tensor, string node)
    {
        string type = DataTypes.Name(tensor.Dtype) + Text(tensor.TensorShape ?? new TensorShapeProto());
        if (Shapes.KnownSizes(tensor.TensorShape) is not { } sizes || Shapes.Count(sizes) > MostElements) return type;
        bool readable = tensor.Dtype == DataType.DtString || DataTypes.Size(tensor.Dtype) > 0;
        return readable ? $"{type}{{{string.Join(',', Elements(TensorCodec.Decode(tensor, "the graph", $"node \"{node}\"")))}}}" : type;
    }

    private static IEnumerable<string> Elements(TensorValue tensor) => tensor.Type switch
    {
        DataType.DtString => tensor.Strings.Select(text => Quoted(text)),
        DataType.DtFloat => Elements<float>(tensor, value => PythonNumbers.NineDigits(value)),
        DataType.DtDouble => Elements<double>(tensor, PythonNumbers.NineDigits),
        DataType.DtHalf => Elements<Half>(tensor, value => PythonNumbers.NineDigits((double)value)),
        DataType.DtBfloat16 => Elements<ushort>(tensor, value => PythonNumbers.NineDigits(BitConverter.Int32BitsToSingle(value << 16))),
        DataType.DtBool => Elements<bool>(tensor, Text),
        DataType.DtInt64 => Elements<long>(tensor, Text),
        DataType.DtInt32 or DataType.DtQint32 => Elements<int>(tensor, value => Text(value)),
        DataType.DtInt16 or DataType.DtQint16 => Elements<short>(tensor, value => Text(value)),
        DataType.DtInt8 or DataType.DtQint8 => Elements<sbyte>(tensor, value => Text(value)),
        DataType.DtUint8 or DataType.DtQuint8 => Elements<byte>(tensor, value => Text(value)),
        DataType.DtUint16 or DataType.DtQuint16 => Elements<ushort>(tensor, value => Text(value)),
        DataType.DtUint32 => Elements<uint>(tensor, value => Text(value)),
        DataType.DtUint64 => Elements<ulong>(tensor, value => value.ToString(CultureInfo.InvariantCulture)),
        DataType.DtComplex64 => Elements<(float Real, float Imaginary)>(tensor.Bytes.Span, value => Pair(value.Real, value.Imaginary)),
        DataType.DtComplex128 => Elements<Complex>(tensor, value => Pair(value.Real, value.Imaginary)),
        _ => [],
    };

    private static string Pair(double real, double imaginary) => $"({PythonNumbers.NineDigits(real)},{PythonNumbers.NineDigits(imaginary)})";

    private static List<string> Elements<T>(TensorValue tensor, Func<T, string> text)
        where T : unmanaged => Elements(tensor.Bytes.Span, text);

    private static List<string> Elements<T>(ReadOnlySpan<byte> bytes, Func<T, string> text)
        where T : unmanaged
    {
        var elements = new List<string>();
        foreach (T value in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes)) elements.Add(text(value));
        return elements;
    }

    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder("\"");
        CEscape.Append(text, bytes);
        return text.Append('"').Replace("\\'", "'").ToString();
    }
}
