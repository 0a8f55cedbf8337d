using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>1 / √x by elements.</summary>
    public static Tensor Rsqrt(Tensor x, string? name = null) => x.Graph.Add(new RsqrtOp(), [x], name);
}

internal sealed class RsqrtOp : FloatingUnaryOp
{
    public override string Type => "Rsqrt";

    public override Gradient Gradient => Gradient.Of((op, dy) => [MathOps.RsqrtGrad(op.Output, dy[0])]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, InverseSquareRoot<T>>();
}

internal readonly struct InverseSquareRoot<T> : IUnary<InverseSquareRoot<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.One / T.Sqrt(x);
}
