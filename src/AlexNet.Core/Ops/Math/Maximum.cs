using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The larger of x and y by elements, NaN where either is, with NumPy's broadcasting.</summary>
    public static Tensor Maximum(Operand x, Operand y, string? name = null) => Binary(new MaximumOp(), x, y, name);
}

internal sealed class MaximumOp : BinaryOp
{
    public override string Type => "Maximum";

    public override Gradient Gradient => Gradient.Of((op, dy) => ChoiceGradients.Of(op.Inputs[0], op.Inputs[1], dy[0], MathOps.GreaterEqual));

    protected override DType[] Types => NumberTypes.Wide;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Larger<T>>(plan);
}

internal readonly struct Larger<T> : IBinary<Larger<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => T.Max(x, y);

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Max(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Max(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Max(y, x, z);
}
