using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>A graph as TensorFlow's GraphDef: the nodes in the order of their creation, attributes by name.</summary>
internal static class GraphDefWriter
{
    /// <summary>The version of the GraphDef format that TensorFlow 1.15 writes.</summary>
    public const int Producer = 134;

    private const string OutputShapes = "_output_shapes";

    /// <summary>The message; constants are not copied but referred to.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="withShapes">Whether nodes carry <c>_output_shapes</c>, from which TensorBoard labels its edges.</param>
    public static GraphDef Write(Graph graph, bool withShapes = false)
    {
        var message = new GraphDef { Versions = new VersionDef { Producer = Producer } };
        message.Node.AddRange(graph.Operations.Select(op => Write(op, withShapes)));
        return message;
    }

    private static NodeDef Write(Operation op, bool withShapes)
    {
        var node = new NodeDef { Name = op.Name, Op = op.Type, Device = op.Device };
        node.Input.AddRange(op.Inputs.Select(input => input.Index == 0 ? input.Op.Name : input.Name));
        node.Input.AddRange(op.ControlInputs.Select(control => "^" + control.Name).Order(StringComparer.Ordinal));
        foreach ((string name, object value) in op.GetAttributes()) node.Attr.Add(name, AttributeCodec.Encode(value));
        if (withShapes && op.Outputs.Count > 0)
        {
            var shapes = new AttrValue.Types.ListValue();
            shapes.Shape.AddRange(op.Outputs.Select(output => AttributeCodec.Of(output.Shape)));
            node.Attr.Add(OutputShapes, new AttrValue { List = shapes });
        }

        return node;
    }
}
