using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x is NaN, by elements.</summary>
    public static Tensor IsNan(Tensor x, string? name = null) => x.Graph.Add(new IsNanOp(), [x], name);
}

internal sealed class IsNanOp : FloatingUnaryOp
{
    public override string Type => "IsNan";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType ResultOf(DType operand) => DType.Bool;

    protected override Kernel Make<T>() => new UnaryKernel<T, bool, NotANumber<T>>();
}

internal readonly struct NotANumber<T> : IUnary<NotANumber<T>, T, bool>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Invoke(T x) => T.IsNaN(x);
}
