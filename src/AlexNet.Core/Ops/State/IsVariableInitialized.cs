namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>Whether a variable has a value (<c>tf.is_variable_initialized</c>), a bool scalar.</summary>
    /// <param name="variable">The variable's reference, not a value read from it.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor IsVariableInitialized(Tensor variable, string? name = null) =>
        variable.Graph.Add(new IsVariableInitializedOp(), [variable], name);
}

internal sealed class IsVariableInitializedOp : OpDef
{
    public override string Type => "IsVariableInitialized";

    public override Gradient Gradient => Gradient.None("a truth value has no gradient");

    public override bool AllowsUninitialized(int input) => true;

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("dtype", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => inputs.IsReference(0)
        ? [new(DType.Bool, Shape.Scalar)]
        : throw inputs.Error("input 0 must be a variable's reference, not a value read from it");

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(context => context.Output<bool>(0)[0] = context.IsInitialized(0));
}
