using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>1 / x by elements.</summary>
    public static Tensor Reciprocal(Tensor x, string? name = null) => x.Graph.Add(new ReciprocalOp(), [x], name);
}

internal sealed class ReciprocalOp : UnaryOp
{
    public override string Type => "Reciprocal";

    public override Gradient Gradient => Gradient.Of((op, dy) => [MathOps.ReciprocalGrad(op.Output, dy[0])]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Inverse<T>>();
}

internal readonly struct Inverse<T> : IUnary<Inverse<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => T.One / x;
}
