using AlexNetTF.TensorFlow.Protos;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>An op as a node of a GraphDef, with attributes and types that do not fit.</summary>
internal sealed class BadNodes(LoneOp lone)
{
    private const string NodeName = "op";
    private static readonly DType[] Others = [DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Bool, DType.UInt8];

    /// <summary>What differs from the op as it was.</summary>
    /// <param name="Attribute">The attribute, or the input.</param>
    /// <param name="IsType">Whether it is an element type.</param>
    /// <param name="Text">All of it.</param>
    public sealed record Change(string Attribute, bool IsType, string Text);

    /// <summary>The op with one attribute changed, or one input of another type.</summary>
    public IEnumerable<(Change Change, GraphDef Graph)> Changes()
    {
        GraphDef original = GraphDef.Parser.ParseFrom(lone.Graph.ToGraphDef());
        foreach ((string name, AttrValue value) in original.Node.Single(node => node.Name == NodeName).Attr.Where(pair => !pair.Key.StartsWith('_') && !BadInputs.Counts.ContainsKey(pair.Key)))
        {
            bool isType = value.ValueCase == AttrValue.ValueOneofCase.Type;
            if (!isType && BadInputs.KeptAttributes.ContainsKey(lone.Type)) continue;
            foreach (AttrValue other in Changed(value)) yield return (new Change(name, isType, $"{name} {other}"), With(original, NodeName, name, other));
        }

        foreach (NodeDef input in original.Node.Where(node => node.Op == "Placeholder"))
        {
            // Its value stays what it was: what is asked is whether the graph is taken.
            foreach (DType type in Others.Where(type => (int)input.Attr["dtype"].Type != (int)type)) yield return (new Change(input.Name, true, $"{input.Name} {type}"), With(original, input.Name, "dtype", new AttrValue { Type = (DataType)(int)type }));
        }
    }

    /// <summary>The op in another type, its inputs with it.</summary>
    public IEnumerable<(Change Change, GraphDef Graph)> InOtherTypes()
    {
        GraphDef original = GraphDef.Parser.ParseFrom(lone.Graph.ToGraphDef());
        NodeDef node = original.Node.Single(node => node.Name == NodeName);
        if (!node.Attr.TryGetValue("T", out AttrValue? held)) yield break;
        foreach (DType type in Others.Where(type => (int)held.Type != (int)type))
        {
            GraphDef changed = With(original, NodeName, "T", new AttrValue { Type = (DataType)(int)type });
            foreach (NodeDef input in changed.Node.Where(input => input.Op == "Placeholder" && input.Attr["dtype"].Type == held.Type)) input.Attr["dtype"] = new AttrValue { Type = (DataType)(int)type };
            yield return (new Change("T", true, $"all {type}"), changed);
        }
    }

    /// <summary>The sizes of what the managed engine computes of a graph, or how it is refused.</summary>
    public string Ours(GraphDef graph) => Outcome(() =>
    {
        var imported = new Graph();
        imported.ImportGraphDef(Google.Protobuf.MessageExtensions.ToByteArray(graph));
        using var session = new Session(imported);
        var feeds = new Feeds();
        foreach ((string name, NDArray value) in lone.Feeds) feeds[imported.GetTensor(name)] = As(value, imported.GetTensor(name).DType);
        return session.Run([.. imported.GetOperation(NodeName).Outputs], feeds)!;
    });

    /// <summary>As <see cref="Ours"/>, in TensorFlow.</summary>
    public string Theirs(GraphDef graph) => Outcome(() =>
    {
        using NativeModel model = NativeModel.OfGraphDef(Google.Protobuf.MessageExtensions.ToByteArray(graph));
        (string, NDArray)[] feeds = [.. lone.Feeds.Select(feed => (feed.Name, As(feed.Value, (DType)(int)graph.Node.Single(node => feed.Name == node.Name + ":0").Attr["dtype"].Type)))];
        return model.Run([.. lone.Op.Outputs.Select(output => output.Name)], feeds);
    });

    private static string Outcome(Func<NDArray[]> run)
    {
        try
        {
            return string.Concat(run().Select(result => $"[{string.Join(',', result.shape)}]"));
        }
        catch (AlexNetException)
        {
            return "refused";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private static NDArray As(NDArray value, DType type) => NDArrays.TypeOf(value) == type ? value : value.astype(NDArrays.CodeOf(type), true);

    private static GraphDef With(GraphDef original, string node, string name, AttrValue value)
    {
        GraphDef changed = original.Clone();
        changed.Node.Single(item => item.Name == node).Attr[name] = value;
        return changed;
    }

    private static IEnumerable<AttrValue> Changed(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.I => [.. ((long[])[-1, 0, 1, 7, 1000]).Where(number => number != value.I).Select(number => new AttrValue { I = number })],
        AttrValue.ValueOneofCase.S => [new AttrValue { S = Google.Protobuf.ByteString.CopyFromUtf8("bogus") }, new AttrValue { S = Google.Protobuf.ByteString.Empty }],
        AttrValue.ValueOneofCase.Type => [.. Others.Where(type => (int)type != (int)value.Type).Select(type => new AttrValue { Type = (DataType)(int)type })],
        AttrValue.ValueOneofCase.List when value.List.I.Count > 0 => [.. Lists([.. value.List.I]).Select(list => Integers(list))],
        _ => [],
    };

    private static IEnumerable<long[]> Lists(long[] list)
    {
        yield return list[..^1];
        yield return [.. list, 1];
        for (int i = 0; i < list.Length; i++)
        {
            foreach (long number in (long[])[-1, 0, list[i] + 1, 1000])
            {
                long[] changed = [.. list];
                changed[i] = number;
                yield return changed;
            }
        }
    }

    private static AttrValue Integers(long[] list)
    {
        var value = new AttrValue { List = new AttrValue.Types.ListValue() };
        value.List.I.AddRange(list);
        return value;
    }
}
