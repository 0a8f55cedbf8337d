using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Sums over dimensions (<c>tf.reduce_sum</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimensions, negative ones from the end; all if null, none if empty.</param>
    /// <param name="keepDims">Whether reduced dimensions stay with size 1.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor without the reduced dimensions. Without elements a sum is 0.</returns>
    [OverloadResolutionPriority(1)]
    public static Tensor Sum(Tensor x, int[]? axis = null, bool keepDims = false, string? name = null) =>
        Reduce(new SumOp(keepDims), x, axis, keepDims, name);

    /// <inheritdoc cref="Sum(Tensor, int[], bool, string)"/>
    public static Tensor Sum(Tensor x, Operand axis, bool keepDims = false, string? name = null) =>
        Reduce(new SumOp(keepDims), x, axis, name);
}

internal sealed class SumOp(bool keepDims) : ReductionOp(keepDims)
{
    public override string Type => "Sum";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op, dy[0]));

    protected override Kernel Make(DType type, ReductionPlan plan) => type switch
    {
        DType.Float32 => new ReductionKernel<float, double, FloatSum<float>>(plan),
        DType.Float64 => new ReductionKernel<double, double, FloatSum<double>>(plan),
        DType.Int32 => new ReductionKernel<int, long, IntegerSum<int>>(plan),
        DType.Int64 => new ReductionKernel<long, long, IntegerSum<long>>(plan),
        DType.Int16 => new ReductionKernel<short, long, IntegerSum<short>>(plan),
        DType.Int8 => new ReductionKernel<sbyte, long, IntegerSum<sbyte>>(plan),
        _ => new ReductionKernel<byte, long, IntegerSum<byte>>(plan),
    };

    /// <summary>dy in the shape with the reduced dimensions kept at size 1, repeated along them.</summary>
    public static IReadOnlyList<Tensor?> Gradients(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0];
        if (x.Shape.HasRank && StaticValues.Constant(op.Inputs[1]) is { } axes)
        {
            if (IsAll(axes, x.Shape.Rank)) return [OverAll(x, dy), null];
            if (x.Shape.IsFullyDefined)
            {
                (int[] kept, int[] repeats) = op.Graph.Extension<KeptShape.Cache>().Find(x, axes.ToInt64s());
                return [ArrayOps.Tile(ArrayOps.Reshape(dy, kept), repeats), null];
            }
        }

        Tensor shape = ArrayOps.Shape(x);
        Tensor keptShape, tiles;
        using (op.Graph.Colocate(shape.Op))
        {
            keptShape = KeptShape.Of(shape, op.Inputs[1]);
            tiles = KeptShape.SafeDiv(op.Graph, shape, keptShape);
        }

        return [ArrayOps.Tile(ArrayOps.Reshape(dy, keptShape), tiles), null];
    }

    private static bool IsAll(TensorData axes, int rank) => axes.Dims.Length == 1
        && axes.ToInt64s().AsSpan().SequenceEqual(Enumerable.Range(0, rank).Select(axis => (long)axis).ToArray());

    private static Tensor OverAll(Tensor x, Tensor dy)
    {
        Tensor single = ArrayOps.Reshape(dy, Enumerable.Repeat(1, x.Shape.Rank).ToArray());
        return ArrayOps.Tile(single, x.Shape.IsFullyDefined ? ((Operand)x.Shape.ToArray()).ToTensor(x.Graph, DType.Int32, "Const") : ArrayOps.Shape(x));
    }
}
