namespace AlexNetTF.Execution;

/// <summary>Third stage: the rewrites that put one kernel in the place of several. Few, named, each in a file of its own.</summary>
internal static class Fusions
{
    /// <summary>Applies all fusions in their order.</summary>
    public static PlanGraph Apply(PlanGraph graph, Precision precision)
    {
        ControlGates.Apply(graph);
        PassThrough.Apply(graph);
        PaddedConvolution.Apply(graph);
        GroupedConvolution.Apply(graph);
        ConvolutionBiasRelu.Apply(graph);
        MatMulBiasRelu.Apply(graph);
        NormalisedPooling.Apply(graph);
        UpdateInPlace.Apply(graph);
        if (precision == Precision.Int8) EightBitProducts.Apply(graph);
        graph.Sweep();
        return graph;
    }
}

/// <summary>An op that only fusions make: it stands in plans, never in a graph.</summary>
internal abstract class FusedOp : OpDef
{
    public override Gradient Gradient => Gradient.NotDifferentiable("the op stands in a plan, after differentiation");

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => throw new InvalidOperationException("A plan's sizes are known before fusions.");
}
