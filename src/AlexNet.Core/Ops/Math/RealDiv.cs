using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x / y by elements for floating-point numbers, with NumPy's broadcasting (<c>tf.realdiv</c>).</summary>
    public static Tensor RealDiv(Operand x, Operand y, string? name = null) => Binary(new RealDivOp(), x, y, name);
}

internal sealed class RealDivOp : BinaryOp
{
    public override string Type => "RealDiv";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override DType[] Types => NumberTypes.Floating;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Quotient<T>>(plan);

    // ∂/∂x = 1 / y, ∂/∂y = −x / y / y.
    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.ByNodes(x, y);
        Tensor dx = toX.Apply(MathOps.RealDiv(dy, y));
        Tensor slope = MathOps.RealDiv(MathOps.RealDiv(-x, y), y);
        return [dx, toY.Apply(dy * slope)];
    }
}

internal readonly struct Quotient<T> : IBinary<Quotient<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => x / y;

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Divide(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Divide(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Divide(x, y, z);
}
