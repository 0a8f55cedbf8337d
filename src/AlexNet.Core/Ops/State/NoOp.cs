namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>An operation that only waits for others (<c>tf.group</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="operations">What must have run; listed in the node by name, sorted as TensorFlow does.</param>
    /// <param name="name">The node's name.</param>
    public static Operation Group(this Graph graph, IEnumerable<Operation> operations, string? name = null) =>
        graph.AddOperation(new NoOpOp(), [], name ?? "group_deps", operations);

    /// <summary>An operation that does nothing (<c>tf.no_op</c>).</summary>
    public static Operation NoOp(this Graph graph, string? name = null) => graph.AddOperation(new NoOpOp(), [], name);
}

internal sealed class NoOpOp : OpDef
{
    public override string Type => "NoOp";

    public override Gradient Gradient => Gradient.None("the op has no inputs");

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [];

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(_ => { });
}
