namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The input itself; no element moves.</summary>
    public static Tensor Identity(Tensor input, string? name = null) => input.Graph.Add(new IdentityOp(), [input], name);
}

internal sealed class IdentityOp : OpDef
{
    public override string Type => "Identity";

    public override Gradient Gradient => Gradient.Of((op, dy) => [dy[0]]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

    public override Shape? InferValue(InferenceContext inputs) => inputs.Sizes(0);

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
}
