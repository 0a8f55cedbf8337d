using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The cosine by elements.</summary>
    public static Tensor Cos(Tensor x, string? name = null) => x.Graph.Add(new CosOp(), [x], name);
}

internal sealed class CosOp : FloatingUnaryOp
{
    public override string Type => "Cos";

    public override Gradient Gradient => Gradient.Of((op, dy) => [MathOps.Mul(dy[0], MathOps.Neg(MathOps.Sin(op.Inputs[0])))]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Cosine<T>>();
}

internal readonly struct Cosine<T> : IUnary<Cosine<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // By way of double precision, so that every platform's library gives the same float.
    public static T Invoke(T x) => T.CreateTruncating(Math.Cos(double.CreateTruncating(x)));
}
