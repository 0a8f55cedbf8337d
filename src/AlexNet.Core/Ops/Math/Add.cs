using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x + y by elements, with NumPy's broadcasting (<c>tf.add</c>, op Add; the operator + makes AddV2).</summary>
    public static Tensor Add(Operand x, Operand y, string? name = null) => Binary(new AddOp(), x, y, name);
}

internal sealed class AddOp : BinaryOp
{
    public override string Type => "Add";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Plus<T>>(plan);

    internal static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        if (Unbroadcast.IsIdentity(x, y, dy)) return [dy, dy];
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.Of(x, y, dy);
        Tensor dx = toX.Apply(dy);
        return [dx, toY.Apply(dy)];
    }
}

internal readonly struct Plus<T> : IBinary<Plus<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => x + y;

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Add(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Add(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Add(y, x, z);
}
