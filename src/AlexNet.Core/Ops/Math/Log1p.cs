using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>log(1 + x) by elements, exact near 0 too.</summary>
    public static Tensor Log1p(Tensor x, string? name = null) => x.Graph.Add(new Log1pOp(), [x], name);
}

internal sealed class Log1pOp : FloatingUnaryOp
{
    public override string Type => "Log1p";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, LogarithmOfOnePlus<T>>();

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        return [dy * MathOps.Reciprocal(1 + x)];
    }
}

internal readonly struct LogarithmOfOnePlus<T> : IUnary<LogarithmOfOnePlus<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.CreateTruncating(Accurate(double.CreateTruncating(x)));

    // With u = 1 + x rounded, log(u)·x / (u − 1) cancels the rounding of u (W. Kahan).
    private static double Accurate(double x)
    {
        double u = 1 + x;
        return u == 1 || double.IsPositiveInfinity(u) ? x : Math.Log(u) * (x / (u - 1));
    }
}
