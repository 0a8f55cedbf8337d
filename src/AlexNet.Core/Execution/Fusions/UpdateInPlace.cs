using AlexNetTF.Kernels;

namespace AlexNetTF.Execution;

/// <summary>
/// MatMul + ApplyGradientDescent (or ApplyMomentum, ApplyAdam, ApplyRMSProp) → one step that changes the variable a few rows at
/// a time: the gradient of a fully connected layer, as large as its weights, is never written as a whole. The numbers
/// round as the two ops' would. Float32 only. Not where the gradient has another reader, or where a factor may be a
/// variable's own memory, which an update might have changed by then.
/// </summary>
internal static class UpdateInPlace
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode update in graph.Nodes.Where(node => node.Def is UpdateOp { WorksInPieces: true } && node.Inputs[0].Info.Type == DType.Float32).ToArray())
        {
            var def = (UpdateOp)update.Def;
            PlanValue gradient = update.Inputs[def.GradientInput];
            if (gradient.Producer is not { Def: MatMulOp product } node || graph.PrivateUser(gradient) != update) continue;
            if (node.Controls.Count > 0 || node.Inputs.SelectMany(PlanGraph.VariablesBehind).Any()) continue;
            PlanValue[] inputs = [.. update.Inputs, node.Inputs[1]];
            inputs[def.GradientInput] = node.Inputs[0];
            graph.Replace([node, update], new PlanNode(update.Name, new UpdateInPlaceOp(product, def), inputs, update.Outputs, update.Order));
        }
    }
}

/// <summary>Inputs are the update's, with the product's first factor in the gradient's place, then its second factor.</summary>
internal sealed class UpdateInPlaceOp(MatMulOp product, UpdateOp update) : FusedOp
{
    public override string Type => $"MatMul+{update.Type}";

    public override IReadOnlyList<int> WrittenInputs => update.WrittenInputs;

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int left = update.GradientInput, right = spec.InputCount - 1;
        GemmShape shape = product.ShapeOf(spec.Input(left), spec.Output(0));
        return update is ApplyGradientDescentOp
            ? new Descent(shape, left, right)
            : new Rows(shape, left, right, (UpdateKernel)update.CreateKernel(spec));
    }

    /// <summary>w −= rate · gradient while the gradient is still in registers.</summary>
    private sealed unsafe class Descent(GemmShape shape, int left, int right) : Kernel
    {
        public override int AliasedInput => 0;

        public override void Run(KernelContext context) => Gemm.Run(
            shape,
            (float*)context.InputPointer(left),
            (float*)context.InputPointer(right),
            (float*)context.InputPointer(0),
            new GemmEpilogue { Descend = true, Rate = *(float*)context.InputPointer(1) },
            context.Threads);
    }

    /// <summary>As many rows of the gradient as stay in the cache, then their update.</summary>
    private sealed unsafe class Rows(GemmShape shape, int left, int right, UpdateKernel update) : Kernel
    {
        private const int BlockElements = 1 << 18;
        private readonly int blockRows = Math.Clamp(BlockElements / Math.Max(1, shape.N), 1, Math.Max(1, shape.M));

        public override int AliasedInput => 0;

        public override long WorkspaceBytes => (long)blockRows * shape.N * sizeof(float);

        public override void Run(KernelContext context)
        {
            float* a = (float*)context.InputPointer(left);
            float* b = (float*)context.InputPointer(right);
            float* gradient = (float*)context.Workspace;
            for (int row = 0; row < shape.M; row += blockRows)
            {
                int rows = Math.Min(blockRows, shape.M - row);
                var block = new GemmShape(rows, shape.N, shape.K, shape.TransposeA, shape.TransposeB, shape.Lda, shape.Ldb, shape.N);
                Gemm.Run(block, a + (shape.TransposeA ? row : (long)row * shape.Lda), b, gradient, threads: context.Threads);
                update.Apply(context, gradient, (long)row * shape.N, (long)rows * shape.N);
            }
        }
    }
}
