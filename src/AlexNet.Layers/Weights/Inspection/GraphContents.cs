using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.Weights;

/// <summary>What a TensorFlow graph holds: its variables, whose values lie elsewhere, or, frozen, its constants.</summary>
internal static class GraphContents
{
    public static FileContents Of(string path)
    {
        GraphFile file = GraphFile.Read(path);
        List<FileContentsEntry> entries = [.. file.Graph.Node.Where(IsVariable).Select(Variable)];
        bool isFrozen = entries.Count == 0;
        if (isFrozen) entries = [.. file.Graph.Node.Where(node => node.Op == "Const").Select(node => Constant(node, path)).OfType<FileContentsEntry>()];
        string name = file.Kind switch
        {
            GraphFileKind.SavedModel => "TensorFlow SavedModel",
            GraphFileKind.MetaGraphDef => "TensorFlow MetaGraphDef",
            _ => "TensorFlow graph (GraphDef)",
        };
        return new FileContents(isFrozen ? name : name + " with variables", entries, [.. Notes(file, isFrozen)]);
    }

    private static IEnumerable<string> Notes(GraphFile file, bool isFrozen)
    {
        yield return $"the graph has {file.Graph.Node.Count:N0} nodes";
        if (!isFrozen) yield return "the variables' values lie in a checkpoint";
        foreach ((string name, SignatureDef signature) in file.Meta?.SignatureDef ?? [])
        {
            yield return $"signature {name}: {Names(signature.Inputs)} → {Names(signature.Outputs)}";
        }
    }

    private static string Names(IEnumerable<KeyValuePair<string, AlexNetTF.TensorFlow.Protos.TensorInfo>> tensors) =>
        string.Join(", ", tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} ({pair.Value.Name})"));

    private static bool IsVariable(NodeDef node) => node.Op is "Variable" or "VariableV2" or "VarHandleOp";

    private static FileContentsEntry Variable(NodeDef node)
    {
        DataType type = node.Attr.TryGetValue("dtype", out AttrValue? dtype) ? dtype.Type : DataType.DtInvalid;
        TensorShapeProto? shape = node.Attr.TryGetValue("shape", out AttrValue? value) ? value.Shape : null;
        return new FileContentsEntry(node.Name, DataTypes.Name(type), [.. shape?.Dim.Select(size => size.Size < 0 ? (long?)null : size.Size) ?? []], null);
    }

    private static FileContentsEntry? Constant(NodeDef node, string path)
    {
        if (!node.Attr.TryGetValue("value", out AttrValue? value) || value.Tensor is not { } tensor) return null;
        TensorValue decoded = TensorCodec.Decode(tensor, path, $"the node \"{node.Name}\"");
        return new FileContentsEntry(node.Name, DataTypes.Name(decoded.Type), [.. decoded.Shape.Select(size => (long?)size)], Numbers(decoded));
    }

    private static WeightStatistics? Numbers(TensorValue value) => value.Type switch
    {
        DataType.DtFloat => WeightStatistics.None.With(value.As<float>()),
        DataType.DtDouble => Converted(value.As<double>(), number => (float)number),
        DataType.DtInt32 => Converted(value.As<int>(), number => number),
        DataType.DtInt64 => Converted(value.As<long>(), number => number),
        DataType.DtHalf => Converted(value.As<Half>(), number => (float)number),
        DataType.DtUint8 => Converted(value.As<byte>(), number => number),
        DataType.DtBool => Converted(value.As<bool>(), number => number ? 1 : 0),
        _ => null,
    };

    private static WeightStatistics Converted<T>(ReadOnlySpan<T> values, Func<T, float> convert)
    {
        const int Block = 1024;
        WeightStatistics statistics = WeightStatistics.None;
        Span<float> floats = stackalloc float[Block];
        for (int at = 0; at < values.Length; at += Block)
        {
            int count = Math.Min(Block, values.Length - at);
            for (int i = 0; i < count; i++) floats[i] = convert(values[at + i]);
            statistics = statistics.With(floats[..count]);
        }

        return statistics;
    }
}
