using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether all elements along dimensions are true (<c>tf.reduce_all</c>).</summary>
    /// <param name="x">Truth values.</param>
    /// <param name="axis">The dimensions, negative ones from the end; all if null, none if empty.</param>
    /// <param name="keepDims">Whether reduced dimensions stay with size 1.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor without the reduced dimensions. Without elements it is true.</returns>
    [OverloadResolutionPriority(1)]
    public static Tensor All(Tensor x, int[]? axis = null, bool keepDims = false, string? name = null) =>
        Reduce(new AllOp(keepDims), x, axis, keepDims, name);

    /// <inheritdoc cref="All(Tensor, int[], bool, string)"/>
    public static Tensor All(Tensor x, Operand axis, bool keepDims = false, string? name = null) =>
        Reduce(new AllOp(keepDims), x, axis, name);
}

internal sealed class AllOp(bool keepDims) : ReductionOp(keepDims)
{
    public override string Type => "All";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType[] Types => [DType.Bool];

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Tidx", op.Inputs[1].DType);
        attributes.Add("keep_dims", KeepDims);
    }

    protected override Kernel Make(DType type, ReductionPlan plan) => new ReductionKernel<byte, byte, AllTrue>(plan);
}
