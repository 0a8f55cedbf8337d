using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The smaller of x and y by elements, NaN where either is, with NumPy's broadcasting.</summary>
    public static Tensor Minimum(Operand x, Operand y, string? name = null) => Binary(new MinimumOp(), x, y, name);
}

internal sealed class MinimumOp : BinaryOp
{
    public override string Type => "Minimum";

    public override Gradient Gradient => Gradient.Of((op, dy) => ChoiceGradients.Of(op.Inputs[0], op.Inputs[1], dy[0], MathOps.LessEqual));

    protected override DType[] Types => NumberTypes.Wide;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Smaller<T>>(plan);
}

internal readonly struct Smaller<T> : IBinary<Smaller<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => T.Min(x, y);

    public static void Invoke(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Min(x, y, z);

    public static void Invoke(ReadOnlySpan<T> x, T y, Span<T> z) => TensorPrimitives.Min(x, y, z);

    public static void Invoke(T x, ReadOnlySpan<T> y, Span<T> z) => TensorPrimitives.Min(y, x, z);
}
