using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x − y by elements, with NumPy's broadcasting (<c>tf.subtract</c>).</summary>
    public static Tensor Sub(Operand x, Operand y, string? name = null) => Binary(new SubOp(), x, y, name);
}

internal sealed class SubOp : BinaryOp
{
    public override string Type => "Sub";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Minus<T>>(plan);

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        if (Unbroadcast.IsIdentity(x, y, dy)) return [dy, -dy];
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.Of(x, y, dy);
        Tensor dx = toX.Apply(dy);
        return [dx, toY.Apply(-dy)];
    }
}

internal readonly struct Minus<T> : IBinary<Minus<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => x - y;

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Subtract(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Subtract(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Subtract(x, y, z);
}
