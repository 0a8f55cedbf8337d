using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Products over dimensions (<c>tf.reduce_prod</c>).</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The dimensions, negative ones from the end; all if null, none if empty.</param>
    /// <param name="keepDims">Whether reduced dimensions stay with size 1.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>A tensor without the reduced dimensions. Without elements a product is 1.</returns>
    [OverloadResolutionPriority(1)]
    public static Tensor Prod(Tensor x, int[]? axis = null, bool keepDims = false, string? name = null) =>
        Reduce(new ProdOp(keepDims), x, axis, keepDims, name);

    /// <inheritdoc cref="Prod(Tensor, int[], bool, string)"/>
    public static Tensor Prod(Tensor x, Operand axis, bool keepDims = false, string? name = null) =>
        Reduce(new ProdOp(keepDims), x, axis, name);
}

internal sealed class ProdOp(bool keepDims) : ReductionOp(keepDims)
{
    public override string Type => "Prod";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op, dy[0]));

    protected override Kernel Make(DType type, ReductionPlan plan) => type switch
    {
        DType.Float32 => new ReductionKernel<float, double, FloatProduct<float>>(plan),
        DType.Float64 => new ReductionKernel<double, double, FloatProduct<double>>(plan),
        DType.Int32 => new ReductionKernel<int, long, IntegerProduct<int>>(plan),
        DType.Int64 => new ReductionKernel<long, long, IntegerProduct<long>>(plan),
        DType.Int16 => new ReductionKernel<short, long, IntegerProduct<short>>(plan),
        DType.Int8 => new ReductionKernel<sbyte, long, IntegerProduct<sbyte>>(plan),
        _ => new ReductionKernel<byte, long, IntegerProduct<byte>>(plan),
    };

    // The product of all others comes from products that leave out one element, from the left and from the right, so that
    // zeros do no harm.
    private static IReadOnlyList<Tensor?> Gradients(Operation op, Tensor dy)
    {
        Tensor x = op.Inputs[0];
        Tensor shape = ArrayOps.Shape(x);
        Tensor axes = ArrayOps.Reshape(op.Inputs[1], [-1]);
        Tensor kept = KeptShape.Of(shape, op.Inputs[1]);
        Tensor tiles = KeptShape.SafeDiv(op.Graph, shape, kept);
        Tensor spread = ArrayOps.Tile(ArrayOps.Reshape(dy, kept), tiles);
        (Tensor order, Tensor reduced, Tensor others) = Order(x, shape, axes);
        Tensor turned = ArrayOps.Transpose(x, order), turnedShape = ArrayOps.Shape(turned);
        Tensor matrix = ArrayOps.Reshape(turned, [reduced, others]);
        Tensor left = MathOps.Cumprod(matrix, 0, exclusive: true), right = MathOps.Cumprod(matrix, 0, exclusive: true, reverse: true);
        Tensor product = ArrayOps.Reshape(left * right, turnedShape);
        Tensor slope = spread * ArrayOps.Transpose(product, ArrayOps.InvertPermutation(order));
        return [ArrayOps.Reshape(slope, shape), null];
    }

    // The dimensions with the reduced ones first, and how many elements the reduced and the other ones have.
    private static (Tensor Order, Tensor Reduced, Tensor Others) Order(Tensor x, Tensor shape, Tensor axes)
    {
        using IDisposable onCpu = x.Graph.Device("/cpu:0");
        Tensor rank = ArrayOps.Rank(x);
        Tensor reduced = MathOps.Cast((axes + rank) % rank, DType.Int32);
        Tensor others = ArrayOps.SetDiff1D(ArrayOps.Range(0, rank, 1), reduced);
        Tensor order = ArrayOps.Concat([reduced, others], 0);
        Tensor count = MathOps.Prod(ArrayOps.Gather(shape, reduced));
        return (order, count, MathOps.Prod(ArrayOps.Gather(shape, others)));
    }
}
