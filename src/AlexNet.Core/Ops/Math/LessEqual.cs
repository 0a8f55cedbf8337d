using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x ≤ y, by elements, with NumPy's broadcasting; false where either is NaN.</summary>
    public static Tensor LessEqual(Operand x, Operand y, string? name = null) => Binary(new LessEqualOp(), x, y, name);
}

internal sealed class LessEqualOp : BinaryOp
{
    public override string Type => "LessEqual";

    public override Gradient Gradient => Gradient.None("a comparison is constant between its steps");

    protected override DType ResultOf(DType operand) => DType.Bool;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, bool, IsLessOrEqual<T>>(plan);
}

internal readonly struct IsLessOrEqual<T> : IBinary<IsLessOrEqual<T>, T, bool>
    where T : unmanaged, INumber<T>
{
    public static bool Invoke(T x, T y) => x <= y;
}
