using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The largest elements along dimensions; NaN is passed over (<c>tf.reduce_max</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimensions, negative ones from the end; all if null, none if empty.</param>
    /// <param name="keepDims">Whether reduced dimensions stay with size 1.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor without the reduced dimensions. Without elements it is −∞, for integers their least value.</returns>
    [OverloadResolutionPriority(1)]
    public static Tensor Max(Tensor x, int[]? axis = null, bool keepDims = false, string? name = null) =>
        Reduce(new MaxOp(keepDims), x, axis, keepDims, name);

    /// <inheritdoc cref="Max(Tensor, int[], bool, string)"/>
    public static Tensor Max(Tensor x, Operand axis, bool keepDims = false, string? name = null) =>
        Reduce(new MaxOp(keepDims), x, axis, name);
}

internal sealed class MaxOp(bool keepDims) : ReductionOp(keepDims)
{
    public override string Type => "Max";

    public override Gradient Gradient => Gradient.Of((op, dy) => ExtremeGradients.Of(op, dy[0]));

    protected override Kernel Make(DType type, ReductionPlan plan) => type switch
    {
        DType.Float32 => new ReductionKernel<float, float, Largest<float>>(plan),
        DType.Float64 => new ReductionKernel<double, double, Largest<double>>(plan),
        DType.Int32 => new ReductionKernel<int, int, Largest<int>>(plan),
        DType.Int64 => new ReductionKernel<long, long, Largest<long>>(plan),
        DType.Int16 => new ReductionKernel<short, short, Largest<short>>(plan),
        DType.Int8 => new ReductionKernel<sbyte, sbyte, Largest<sbyte>>(plan),
        _ => new ReductionKernel<byte, byte, Largest<byte>>(plan),
    };
}
