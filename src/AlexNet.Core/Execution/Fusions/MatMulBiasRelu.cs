namespace AlexNetTF.Execution;

/// <summary>
/// MatMul + BiasAdd + Relu → one step that adds the bias and rectifies while the sums are still in registers; either of
/// the two may be missing. Float32 only. Not where a value in between has another reader.
/// </summary>
internal static class MatMulBiasRelu
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode product in graph.Nodes.Where(node => node.Def is MatMulOp && node.Output.Info.Type == DType.Float32).ToArray())
        {
            if (BiasAndRelu.Find(graph, product) is not { } tail) continue;
            tail.Replace(graph, product, new MatMulBiasReluOp((MatMulOp)product.Def, tail.Bias is not null, tail.Relu));
        }
    }
}

internal sealed class MatMulBiasReluOp(MatMulOp product, bool bias, bool relu) : FusedOp
{
    public MatMulOp Product => product;

    public bool Bias => bias;

    public bool Relu => relu;

    public override string Type => $"MatMul{(bias ? "+BiasAdd" : "")}{(relu ? "+Relu" : "")}";

    public override Kernel CreateKernel(KernelSpec spec) => new MatMulKernel(product.ShapeOf(spec.Input(0), spec.Output(0)), bias ? 2 : -1, relu);
}
