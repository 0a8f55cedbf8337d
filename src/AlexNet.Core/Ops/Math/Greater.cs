using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x &gt; y, by elements, with NumPy's broadcasting; false where either is NaN.</summary>
    public static Tensor Greater(Operand x, Operand y, string? name = null) => Binary(new GreaterOp(), x, y, name);
}

internal sealed class GreaterOp : BinaryOp
{
    public override string Type => "Greater";

    public override Gradient Gradient => Gradient.None("a comparison is constant between its steps");

    protected override DType ResultOf(DType operand) => DType.Bool;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, bool, IsGreater<T>>(plan);
}

internal readonly struct IsGreater<T> : IBinary<IsGreater<T>, T, bool>
    where T : unmanaged, INumber<T>
{
    public static bool Invoke(T x, T y) => x > y;
}
