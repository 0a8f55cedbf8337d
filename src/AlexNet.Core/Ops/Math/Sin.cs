using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The sine by elements.</summary>
    public static Tensor Sin(Tensor x, string? name = null) => x.Graph.Add(new SinOp(), [x], name);
}

internal sealed class SinOp : FloatingUnaryOp
{
    public override string Type => "Sin";

    public override Gradient Gradient => Gradient.Of((op, dy) => [MathOps.Mul(dy[0], MathOps.Cos(op.Inputs[0]))]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Sine<T>>();
}

internal readonly struct Sine<T> : IUnary<Sine<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // By way of double precision, so that every platform's library gives the same float.
    public static T Invoke(T x) => T.CreateTruncating(Math.Sin(double.CreateTruncating(x)));
}
