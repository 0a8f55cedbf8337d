using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>Half the sum of all elements' squares, a scalar (<c>tf.nn.l2_loss</c>).</summary>
    public static Tensor L2Loss(Tensor t, string? name = null) => t.Graph.Add(new L2LossOp(), [t], name);
}

internal sealed class L2LossOp : OpDef
{
    public override string Type => "L2Loss";

    public override Gradient Gradient => Gradient.Of((op, dy) => [op.Inputs[0] * dy[0]]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(inputs.Require(0, NumberTypes.Floating), Shape.Scalar)];

    public override Kernel CreateKernel(KernelSpec spec)
    {
        TensorInfo input = spec.Input(0);
        var plan = new ReductionPlan(input.Dims, [.. Enumerable.Range(0, input.Rank)]);
        return input.Type == DType.Float32
            ? new ReductionKernel<float, double, HalfSquareSum<float>>(plan)
            : new ReductionKernel<double, double, HalfSquareSum<double>>(plan);
    }
}
