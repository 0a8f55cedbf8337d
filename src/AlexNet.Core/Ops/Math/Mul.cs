using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x · y by elements, with NumPy's broadcasting (<c>tf.multiply</c>).</summary>
    public static Tensor Mul(Operand x, Operand y, string? name = null) => Binary(new MulOp(), x, y, name);
}

internal sealed class MulOp : BinaryOp
{
    public override string Type => "Mul";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Times<T>>(plan);

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        // TensorFlow takes the short way for these types only.
        if (Unbroadcast.IsIdentity(x, y, dy) && dy.DType is DType.Float32 or DType.Int32) return [MathOps.Mul(dy, y), MathOps.Mul(dy, x)];
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.Of(x, y, dy);
        Tensor dx = toX.Apply(MathOps.Mul(dy, y));
        return [dx, toY.Apply(MathOps.Mul(x, dy))];
    }
}

internal readonly struct Times<T> : IBinary<Times<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => x * y;

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Multiply(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Multiply(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Multiply(y, x, z);
}
