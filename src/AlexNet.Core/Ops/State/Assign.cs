namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>Gives a variable a new value (<c>tf.assign</c>).</summary>
    /// <param name="variable">The variable's reference, not a value read from it.</param>
    /// <param name="value">The value, of the variable's type and shape; a plain value becomes a Const.</param>
    /// <param name="useLocking">Kept in the graph for TensorFlow; here writes always exclude each other.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>The reference, to be read after the assignment.</returns>
    public static Tensor Assign(Tensor variable, Operand value, bool useLocking = true, string? name = null)
    {
        Graph graph = variable.Graph;
        using NameScope scope = graph.NameScope(name ?? "Assign");
        return graph.Add(new AssignOp(useLocking), [variable, value.ToTensor(graph, variable.DType, "value")], scope.Name);
    }
}

internal sealed unsafe class AssignOp(bool useLocking) : OpDef
{
    public override string Type => "Assign";

    public override Gradient Gradient => Gradient.NotDifferentiable("an assignment changes a variable");

    public override IReadOnlyList<int> WrittenInputs => [0];

    public override bool AllowsUninitialized(int input) => input == 0;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[1].DType);
        attributes.Add("use_locking", useLocking);
        attributes.Add("validate_shape", true);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (!inputs.IsReference(0)) throw inputs.Error("input 0 must be a variable's reference, not a value read from it");
        DType type = inputs.SameType(0, 1);
        Shape merged = inputs[0].Shape.MergeWith(inputs[1].Shape)
            ?? throw inputs.Error($"the value's shape {inputs[1].Shape} must be the variable's, {inputs[0].Shape}");
        return [new(type, merged, IsReference: true)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => new AssignKernel();

    private sealed class AssignKernel : Kernel
    {
        public override int AliasedInput => 0;

        public override void Run(KernelContext context)
        {
            long bytes = context.InputInfo(1).Bytes;
            Buffer.MemoryCopy(context.InputPointer(1), context.InputPointer(0), bytes, bytes);
        }
    }
}
