namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The input itself, a constant to all gradients (<c>tf.stop_gradient</c>).</summary>
    public static Tensor StopGradient(Tensor input, string? name = null) => input.Graph.Add(new StopGradientOp(), [input], name);
}

internal sealed class StopGradientOp : OpDef
{
    public override string Type => "StopGradient";

    public override Gradient Gradient => Gradient.None("the op exists to stop gradients");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

    public override Shape? InferValue(InferenceContext inputs) => inputs.Sizes(0);

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
}
