using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Means over dimensions, of integers rounded toward 0 (<c>tf.reduce_mean</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimensions, negative ones from the end; all if null, none if empty.</param>
    /// <param name="keepDims">Whether reduced dimensions stay with size 1.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor without the reduced dimensions. Without elements a mean is NaN, for integers 0.</returns>
    [OverloadResolutionPriority(1)]
    public static Tensor Mean(Tensor x, int[]? axis = null, bool keepDims = false, string? name = null) =>
        Reduce(new MeanOp(keepDims), x, axis, keepDims, name);

    /// <inheritdoc cref="Mean(Tensor, int[], bool, string)"/>
    public static Tensor Mean(Tensor x, Operand axis, bool keepDims = false, string? name = null) =>
        Reduce(new MeanOp(keepDims), x, axis, name);
}

internal sealed class MeanOp(bool keepDims) : ReductionOp(keepDims)
{
    public override string Type => "Mean";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op, dy[0]));

    protected override Kernel Make(DType type, ReductionPlan plan) => type switch
    {
        DType.Float32 => new ReductionKernel<float, double, FloatMean<float>>(plan),
        DType.Float64 => new ReductionKernel<double, double, FloatMean<double>>(plan),
        DType.Int32 => new ReductionKernel<int, long, IntegerMean<int>>(plan),
        DType.Int64 => new ReductionKernel<long, long, IntegerMean<long>>(plan),
        DType.Int16 => new ReductionKernel<short, long, IntegerMean<short>>(plan),
        DType.Int8 => new ReductionKernel<sbyte, long, IntegerMean<sbyte>>(plan),
        _ => new ReductionKernel<byte, long, IntegerMean<byte>>(plan),
    };

    // The sum's gradient over the number of elements that make up one result.
    private static IReadOnlyList<Tensor?> Gradients(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0], y = op.Output;
        Tensor sum = SumOp.Gradients(op, dy)[0]!;
        if (x.Shape.ElementCount is { } from && y.Shape.ElementCount is { } to)
        {
            return [MathOps.TrueDiv(sum, ((Operand)(double)(from / Math.Max(to, 1))).ToTensor(op.Graph, sum.DType, "Const")), null];
        }

        Tensor sizeX = ArrayOps.Shape(x), sizeY = ArrayOps.Shape(y);
        Tensor countX = MathOps.Prod(sizeX), countY = MathOps.Prod(sizeY);
        return [MathOps.TrueDiv(sum, MathOps.Cast(KeptShape.SafeDiv(op.Graph, countX, countY), sum.DType)), null];
    }
}
