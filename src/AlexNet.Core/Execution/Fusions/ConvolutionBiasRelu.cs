namespace AlexNetTF.Execution;

/// <summary>
/// Conv2D + BiasAdd + Relu → one step that adds the bias and rectifies while the sums are still in registers; either of
/// the two may be missing. Float32 only. Not where a value in between has another reader.
/// </summary>
internal static class ConvolutionBiasRelu
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode convolution in graph.Nodes.Where(node => node.Def is Conv2DOp && node.Output.Info.Type == DType.Float32).ToArray())
        {
            if (BiasAndRelu.Find(graph, convolution) is not { } tail) continue;
            var fused = new ConvolutionBiasReluOp(((Conv2DOp)convolution.Def).Attributes, tail.Bias is not null, tail.Relu);
            tail.Replace(graph, convolution, fused);
        }
    }
}

internal sealed class ConvolutionBiasReluOp(ConvAttributes attributes, bool bias, bool relu) : FusedOp
{
    public override string Type => $"Conv2D{(bias ? "+BiasAdd" : "")}{(relu ? "+Relu" : "")}";

    public override Kernel CreateKernel(KernelSpec spec) =>
        new ConvolutionKernel(attributes.ShapeFor(spec.Input(0), spec.Input(1)), spec.Options, bias ? 2 : -1, relu);
}

/// <summary>The BiasAdd and Relu that follow a node, each the only reader of what stands before it.</summary>
/// <param name="Nodes">One or both.</param>
/// <param name="Bias">What BiasAdd adds, null where there is none.</param>
/// <param name="Relu">Whether there is a Relu.</param>
internal sealed record BiasAndRelu(IReadOnlyList<PlanNode> Nodes, PlanValue? Bias, bool Relu)
{
    public static BiasAndRelu? Find(PlanGraph graph, PlanNode node)
    {
        var nodes = new List<PlanNode>();
        PlanValue? bias = null;
        bool relu = false;
        PlanNode? next = graph.PrivateUser(node.Output);
        if (next?.Def is BiasAddOp && next.Inputs[0] == node.Output)
        {
            nodes.Add(next);
            bias = next.Inputs[1];
            next = graph.PrivateUser(next.Output);
        }

        if (next?.Def is ReluOp)
        {
            nodes.Add(next);
            relu = true;
        }

        return nodes.Count > 0 && graph.CanWait([node, .. nodes], nodes[^1]) ? new(nodes, bias, relu) : null;
    }

    /// <summary>Puts one step in the place of a node and what follows it; its inputs are the node's, then the bias.</summary>
    public void Replace(PlanGraph graph, PlanNode first, OpDef fused)
    {
        PlanNode last = Nodes[^1];
        PlanValue[] inputs = Bias is null ? [.. first.Inputs] : [.. first.Inputs, Bias];
        graph.Replace([first, .. Nodes], new PlanNode(last.Name, fused, inputs, last.Outputs, last.Order));
    }
}
