using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The magnitude by elements.</summary>
    public static Tensor Abs(Tensor x, string? name = null) => x.Graph.Add(new AbsOp(), [x], name);
}

internal sealed class AbsOp : UnaryOp
{
    public override string Type => "Abs";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Magnitude<T>>();

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor dy)
    {
        Tensor sign = MathOps.Sign(x);
        return [dy * sign];
    }
}

internal readonly struct Magnitude<T> : IUnary<Magnitude<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => T.IsNegative(x) ? -x : x;
}
