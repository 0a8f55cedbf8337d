using AlexNetTF.Kernels;

namespace AlexNetTF.Execution;

/// <summary>
/// With <see cref="Precision.Int8"/>: a product whose second matrix is a variable or constant reads it as bytes with one scale a
/// column. Not where the run writes the variable, and not where the matrix is transposed (gradients): there the floats count. Nor
/// for a small matrix, such as a head of ten classes: reading it costs nothing, and a head that was fitted to a few pictures may
/// be large numbers that cancel, where half a percent of each is more than the answer.
/// </summary>
internal static class EightBitProducts
{
    private const int SmallestCount = 1 << 18;

    public static void Apply(PlanGraph graph)
    {
        HashSet<VariableSlot> written = [.. graph.Nodes.SelectMany(PlanGraph.WrittenBy)];
        foreach (PlanNode node in graph.Nodes.ToArray())
        {
            if (ProductOf(node.Def) is not { } product || product.TransposeA || product.TransposeB) continue;
            PlanValue weights = node.Inputs[1];
            if (weights.Info.Type != DType.Float32 || weights.Info.Count < SmallestCount || !(weights.Variable is { } variable ? !written.Contains(variable) : weights.Storage == Storage.Constant)) continue;
            var fused = node.Def as MatMulBiasReluOp;
            var op = new EightBitProductOp(product, fused?.Bias ?? false, fused?.Relu ?? false);
            graph.Replace([node], new PlanNode(node.Name, op, node.Inputs, node.Outputs, node.Order));
        }
    }

    private static MatMulOp? ProductOf(OpDef def) => def as MatMulOp ?? (def as MatMulBiasReluOp)?.Product;
}

internal sealed class EightBitProductOp(MatMulOp product, bool bias, bool relu) : FusedOp
{
    public override string Type => $"MatMul8{(bias ? "+BiasAdd" : "")}{(relu ? "+Relu" : "")}";

    public override Kernel CreateKernel(KernelSpec spec) => new EightBitProductKernel(product.ShapeOf(spec.Input(0), spec.Output(0)), bias ? 2 : -1, relu);
}

/// <summary>Runs the Float32 product of input 0 with the bytes derived from input 1.</summary>
internal sealed unsafe class EightBitProductKernel(GemmShape shape, int bias, bool relu) : Kernel
{
    private readonly EightBitForm form = new(shape.K, shape.N);

    public override void Run(KernelContext context)
    {
        byte* matrix = context.Derived(1, form, 0);
        var epilogue = new GemmEpilogue { Scale = (float*)matrix, Bias = bias < 0 ? null : (float*)context.InputPointer(bias), Relu = relu };
        var numbers = (sbyte*)(matrix + EightBitMatrix.ScaleBytes(shape.N));
        Gemm.Run(shape, (float*)context.InputPointer(0), numbers, (float*)context.OutputPointer(0), epilogue, context.Threads);
    }

    private sealed record EightBitForm(int Rows, int Columns) : DerivedForm(EightBitMatrix.Bytes(Rows, Columns))
    {
        public override void Compute(byte* source, byte* destination, int threads) =>
            EightBitMatrix.Quantize((float*)source, Rows, Columns, (float*)destination, (sbyte*)destination + EightBitMatrix.ScaleBytes(Columns), threads);
    }
}
