namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The input itself, whose gradient must not be asked for (<c>tf.prevent_gradient</c>, op PreventGradient).</summary>
    internal static Tensor PreventGradient(Tensor input, string message, string? name = null) =>
        input.Graph.Add(new PreventGradientOp(message), [input], name);
}

internal sealed class PreventGradientOp(string message) : OpDef
{
    public override string Type => "PreventGradient";

    public override Gradient Gradient => Gradient.NotDifferentiable(message);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("message", message);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
}
