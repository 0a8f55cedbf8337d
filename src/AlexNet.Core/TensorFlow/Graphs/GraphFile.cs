using System.Buffers;
using System.Text.RegularExpressions;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AlexNetTF.TensorFlow;

/// <summary>What kind of file holds a graph.</summary>
internal enum GraphFileKind
{
    /// <summary>A graph alone: <c>.pb</c>, <c>.pbtxt</c>.</summary>
    GraphDef,

    /// <summary>A graph with collections, signatures and saver: <c>.meta</c>.</summary>
    MetaGraphDef,

    /// <summary>One or more of these: <c>saved_model.pb</c>.</summary>
    SavedModel,
}

/// <summary>A graph read from a file, binary or text; which of them and of what kind is told by the content.</summary>
/// <param name="Path">The file.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Graph">The graph; of a SavedModel the first one tagged <c>serve</c>, else the first.</param>
/// <param name="Meta">What surrounds the graph; null for a GraphDef.</param>
internal sealed partial record GraphFile(string Path, GraphFileKind Kind, GraphDef Graph, MetaGraphDef? Meta)
{
    private const int BytesToTellTextBy = 1024;
    private static readonly SearchValues<byte> ControlBytes = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b).Except("\t\n\v\f\r"u8.ToArray()), 127]);

    /// <summary>Reads the file and checks the nodes' names.</summary>
    /// <exception cref="FileFormatException">The file holds no graph, or is damaged.</exception>
    public static GraphFile Read(string path) => Parse(InputFile.ReadAllBytes(path, "graph file"), path);

    /// <summary>Reads a file's bytes; see <see cref="Read"/>.</summary>
    public static GraphFile Parse(byte[] bytes, string path)
    {
        if (bytes.Length == 0) throw new FileFormatException(path, "it is empty.");
        GraphFile file = IsText(bytes) ? ReadText(path, bytes) : ReadBinary(path, bytes);
        if (NodeProblem(file.Graph) is { } problem) throw new FileFormatException(path, problem);
        return file;
    }

    /// <summary>Writes a message as TensorFlow's binary or text file; the file appears whole or not at all.</summary>
    public static void Write(string path, IMessage message, bool asText)
    {
        if (asText) AtomicFile.WriteText(path, ProtoTextWriter.Write(message));
        else AtomicFile.Write(path, message.WriteTo);
    }

    // A serialised message has control characters among its first bytes: tags and lengths.
    private static bool IsText(ReadOnlySpan<byte> bytes) => !bytes[..Math.Min(bytes.Length, BytesToTellTextBy)].ContainsAny(ControlBytes);

    private static GraphFile ReadText(string path, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xef, 0xbb, 0xbf];
        if (text.StartsWith(byteOrderMark)) text = text[byteOrderMark.Length..];
        var tokens = new TextTokenizer(text, path);
        string first = tokens.TakeWord("the name of a field");
        if (Has(SavedModel.Descriptor, first)) return Of(path, ProtoTextReader.Read(SavedModel.Parser, SavedModel.Descriptor, text, path));
        if (Has(MetaGraphDef.Descriptor, first)) return Of(path, ProtoTextReader.Read(MetaGraphDef.Parser, MetaGraphDef.Descriptor, text, path), GraphFileKind.MetaGraphDef);
        return new GraphFile(path, GraphFileKind.GraphDef, ProtoTextReader.Read(GraphDef.Parser, GraphDef.Descriptor, text, path), null);
    }

    private static bool Has(MessageDescriptor type, string field) => type.FindFieldByName(field) is not null;

    // The serialised forms of the three carry no name: a SavedModel starts with a number; read as a GraphDef, a
    // MetaGraphDef has nodes without names.
    private static GraphFile ReadBinary(string path, byte[] bytes)
    {
        if (bytes[0] == WireFormat.MakeTag(SavedModel.SavedModelSchemaVersionFieldNumber, WireFormat.WireType.Varint)) return Of(path, ParseMessage(SavedModel.Parser, bytes, path));
        GraphDef? graph = TryParse(GraphDef.Parser, bytes, out InvalidProtocolBufferException? error);
        string? problem = graph is null ? null : NodeProblem(graph);
        if (graph is not null && problem is null) return new GraphFile(path, GraphFileKind.GraphDef, graph, null);
        MetaGraphDef? meta = TryParse(MetaGraphDef.Parser, bytes, out _);
        if (meta?.GraphDef is not null && NodeProblem(meta.GraphDef) is null) return Of(path, meta, GraphFileKind.MetaGraphDef);
        throw new FileFormatException(path, $"it holds no graph, or is damaged: {problem ?? error?.Message}", error);
    }

    private static GraphFile Of(string path, MetaGraphDef meta, GraphFileKind kind) =>
        new(path, kind, meta.GraphDef ?? throw new FileFormatException(path, "its MetaGraphDef has no graph."), meta);

    private static GraphFile Of(string path, SavedModel model)
    {
        MetaGraphDef meta = model.MetaGraphs.FirstOrDefault(graph => graph.MetaInfoDef?.Tags.Contains("serve") == true)
            ?? model.MetaGraphs.FirstOrDefault()
            ?? throw new FileFormatException(path, "its SavedModel has no graph.");
        return Of(path, meta, GraphFileKind.SavedModel);
    }

    private static T ParseMessage<T>(MessageParser<T> parser, byte[] bytes, string path)
        where T : class, IMessage<T> => TryParse(parser, bytes, out InvalidProtocolBufferException? error)
        ?? throw new FileFormatException(path, $"it is no {typeof(T).Name}, or is damaged: {error!.Message}", error);

    private static T? TryParse<T>(MessageParser<T> parser, byte[] bytes, out InvalidProtocolBufferException? error)
        where T : class, IMessage<T>
    {
        error = null;
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            error = malformed;
            return null;
        }
    }

    private static string? NodeProblem(GraphDef graph)
    {
        var names = new HashSet<string>();
        for (int i = 0; i < graph.Node.Count; i++)
        {
            NodeDef node = graph.Node[i];
            if (!NodeName().IsMatch(node.Name)) return $"node {i} has no valid name: \"{node.Name}\".";
            if (!OpName().IsMatch(node.Op)) return $"the node \"{node.Name}\" has no valid op: \"{node.Op}\".";
            if (!names.Add(node.Name)) return $"there are two nodes \"{node.Name}\".";
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9.][A-Za-z0-9_.\-/>]*\z")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^[A-Za-z0-9_.\-/>]+\z")]
    private static partial Regex OpName();
}
