using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x &lt; y, by elements, with NumPy's broadcasting; false where either is NaN.</summary>
    public static Tensor Less(Operand x, Operand y, string? name = null) => Binary(new LessOp(), x, y, name);
}

internal sealed class LessOp : BinaryOp
{
    public override string Type => "Less";

    public override Gradient Gradient => Gradient.None("a comparison is constant between its steps");

    protected override DType ResultOf(DType operand) => DType.Bool;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, bool, IsLess<T>>(plan);
}

internal readonly struct IsLess<T> : IBinary<IsLess<T>, T, bool>
    where T : unmanaged, INumber<T>
{
    public static bool Invoke(T x, T y) => x < y;
}
