using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x is neither NaN nor infinite, by elements.</summary>
    public static Tensor IsFinite(Tensor x, string? name = null) => x.Graph.Add(new IsFiniteOp(), [x], name);
}

internal sealed class IsFiniteOp : FloatingUnaryOp
{
    public override string Type => "IsFinite";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType ResultOf(DType operand) => DType.Bool;

    protected override Kernel Make<T>() => new UnaryKernel<T, bool, Finite<T>>();
}

internal readonly struct Finite<T> : IUnary<Finite<T>, T, bool>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool Invoke(T x) => T.IsFinite(x);
}
