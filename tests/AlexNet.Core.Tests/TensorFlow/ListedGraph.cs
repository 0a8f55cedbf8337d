using System.Globalization;
using System.Text.RegularExpressions;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.Tests.Formats;

/// <summary>A GraphDef from a listing of nodes. Constants that the listing leaves out are zeros.</summary>
internal static partial class ListedGraph
{
    private static readonly HashSet<string> Floats = ["alpha", "beta", "bias"];

    public static GraphDef Read(string path)
    {
        var graph = new GraphDef();
        foreach (string line in File.ReadLines(path).Skip(1)) graph.Node.Add(Node(line.Split('\t')));
        return graph;
    }

    private static NodeDef Node(string[] columns)
    {
        var node = new NodeDef { Name = columns[0], Op = columns[1], Device = columns[4] };
        node.Input.AddRange(columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        node.Input.AddRange(columns[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => "^" + name));
        foreach (Match match in Attribute().Matches(columns[5])) node.Attr.Add(match.Groups[1].Value, Value(match.Groups[1].Value, match.Groups[2].Value));
        return node;
    }

    private static AttrValue Value(string name, string text) => text[0] switch
    {
        '"' => new AttrValue { S = ByteString.CopyFromUtf8(text[1..^1]) },
        '(' => new AttrValue { List = List(text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries)) },
        '[' or '?' => new AttrValue { Shape = ShapeOf(text) },
        _ when text is "true" or "false" => new AttrValue { B = text == "true" },
        _ when text.Contains('[') => new AttrValue { Tensor = Tensor(text) },
        _ when TypeOf(text) is { } type => new AttrValue { Type = type },
        _ when Floats.Contains(name) => new AttrValue { F = float.Parse(text, CultureInfo.InvariantCulture) },
        _ => new AttrValue { I = long.Parse(text, CultureInfo.InvariantCulture) },
    };

    private static AttrValue.Types.ListValue List(string[] items)
    {
        var list = new AttrValue.Types.ListValue();
        foreach (string item in items)
        {
            if (item[0] == '"') list.S.Add(ByteString.CopyFromUtf8(item[1..^1]));
            else if (TypeOf(item) is { } type) list.Type.Add(type);
            else list.I.Add(long.Parse(item, CultureInfo.InvariantCulture));
        }

        return list;
    }

    private static TensorProto Tensor(string text)
    {
        int shape = text.IndexOf('['), values = text.IndexOf('{');
        var tensor = new TensorProto { Dtype = TypeOf(text[..shape])!.Value, TensorShape = ShapeOf(values < 0 ? text[shape..] : text[shape..values]) };
        if (values < 0) return tensor;
        foreach (string item in text[(values + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (tensor.Dtype)
            {
                case DataType.DtString: tensor.StringVal.Add(ByteString.CopyFromUtf8(item[1..^1])); break;
                case DataType.DtFloat: tensor.FloatVal.Add(float.Parse(item, CultureInfo.InvariantCulture)); break;
                case DataType.DtInt64: tensor.Int64Val.Add(long.Parse(item, CultureInfo.InvariantCulture)); break;
                case DataType.DtBool: tensor.BoolVal.Add(item == "true"); break;
                default: tensor.IntVal.Add(int.Parse(item, CultureInfo.InvariantCulture)); break;
            }
        }

        return tensor;
    }

    private static TensorShapeProto ShapeOf(string text) => text == "?"
        ? new TensorShapeProto { UnknownRank = true }
        : Shapes.ToProto([.. text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(size => long.Parse(size, CultureInfo.InvariantCulture))]);

    private static DataType? TypeOf(string name) => Enum.GetValues<DataType>().Where(type => DataTypes.Name(type) == name && type != DataType.DtInvalid).Select(type => (DataType?)type).FirstOrDefault();

    // A name, and a value with quoted texts taken whole.
    [GeneratedRegex("""(\w+)=((?:"[^"]*"|[^ "])+)""")]
    private static partial Regex Attribute();
}
