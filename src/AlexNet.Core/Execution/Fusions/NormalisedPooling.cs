using AlexNetTF.Kernels;

namespace AlexNetTF.Execution;

/// <summary>
/// LRN + MaxPool → one step: the normalised picture, as large as the convolution's result, is never written. Float32 only.
/// Not where the normalised picture has another reader, such as its gradient.
/// </summary>
internal static class NormalisedPooling
{
    public static void Apply(PlanGraph graph)
    {
        foreach (PlanNode norm in graph.Nodes.Where(node => node.Def is LrnOp && node.Output.Info.Type == DType.Float32).ToArray())
        {
            if (graph.PrivateUser(norm.Output) is not { Def: MaxPoolOp pool } user || !graph.CanWait([norm], user)) continue;
            var fused = new NormalisedPoolingOp(((LrnOp)norm.Def).Attributes, pool.Attributes);
            graph.Replace([norm, user], new PlanNode(user.Name, fused, norm.Inputs, user.Outputs, user.Order));
        }
    }
}

internal sealed class NormalisedPoolingOp(LrnAttributes norm, PoolAttributes pool) : FusedOp
{
    public override string Type => "LRN+MaxPool";

    public override Kernel CreateKernel(KernelSpec spec) => new Fast(norm.Parameters, pool.ShapeFor(spec.Input(0)));

    private sealed unsafe class Fast(LrnParameters parameters, PoolShape shape) : Kernel
    {
        public override void Run(KernelContext context) =>
            LrnMaxPooling.Run(parameters, shape, (float*)context.InputPointer(0), (float*)context.OutputPointer(0), context.Threads);
    }
}
