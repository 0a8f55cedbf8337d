namespace AlexNetTF.Execution;

/// <summary>
/// Split(picture), Split(filter), one Conv2D per part, ConcatV2 → one Conv2D in groups: nothing is cut or joined, and the
/// whole filter is a variable again whose prepared form can be kept. The same for the two gradients, whose parts are cut
/// by Slice. Not where a part's result has another reader. What cuts stays where something else reads the parts.
/// </summary>
internal static class GroupedConvolution
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode concat in graph.Nodes.ToArray())
        {
            if (ChannelParts.JoinedBy(concat) is not { } joined || PartsOf(graph, joined, concat) is not { } parts) continue;
            if (Merge(parts, concat) is not { } whole || !graph.CanWait([.. parts, .. Cutters(parts)], concat)) continue;
            graph.Replace([.. parts, concat], whole);
        }

        graph.Sweep();
    }

    // The convolutions, all of one kind, whose results only the ConcatV2 reads.
    private static PlanNode[]? PartsOf(PlanGraph graph, IReadOnlyList<PlanValue> joined, PlanNode concat)
    {
        var parts = new PlanNode[joined.Count];
        for (int i = 0; i < parts.Length; i++)
        {
            if (joined[i].Producer is not { } part || graph.PrivateUser(joined[i]) != concat || AttributesOf(part) is not { } attributes) return null;
            parts[i] = part;
            if (part.Def.Type != parts[0].Def.Type || !attributes.SameAs(AttributesOf(parts[0])!)) return null;
        }

        return parts.Distinct().Count() == parts.Length ? parts : null;
    }

    private static ConvAttributes? AttributesOf(PlanNode node) => node.Def switch
    {
        Conv2DOp convolution => convolution.Attributes,
        Conv2DBackpropInputOp gradient => gradient.Attributes,
        Conv2DBackpropFilterOp gradient => gradient.Attributes,
        _ => null,
    };

    private static PlanNode? Merge(PlanNode[] parts, PlanNode concat)
    {
        PlanValue[] inputs = new PlanValue[parts[0].Inputs.Count];
        int sizes = parts[0].Def switch { Conv2DBackpropInputOp => 0, Conv2DBackpropFilterOp => 1, _ => -1 };
        for (int input = 0; input < inputs.Length; input++)
        {
            PlanValue? whole = input == sizes ? SizesOf(concat.Output) : ChannelParts.WholeOf([.. parts.Select(part => part.Inputs[input])]);
            if (whole is null) return null;
            inputs[input] = whole;
        }

        return new PlanNode(concat.Name, parts[0].Def, inputs, concat.Outputs, concat.Order);
    }

    private static PlanValue SizesOf(PlanValue value) => new(DType.Int32, [value.Info.Rank], null)
    {
        Storage = Storage.Constant,
        Constant = TensorData.Vector<int>(value.Info.Dims),
    };

    private static IEnumerable<PlanNode> Cutters(PlanNode[] parts) =>
        parts.SelectMany(part => part.Inputs).Select(input => input.Producer).OfType<PlanNode>().Where(node => node.Def.Type is "Split" or "Slice");
}
