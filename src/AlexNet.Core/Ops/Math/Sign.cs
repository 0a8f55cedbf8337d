using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>−1, 0 or 1 by elements: 0 for 0 and NaN.</summary>
    public static Tensor Sign(Tensor x, string? name = null) => x.Graph.Add(new SignOp(), [x], name);
}

internal sealed class SignOp : UnaryOp
{
    public override string Type => "Sign";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.Zeros(ArrayOps.Shape(op.Inputs[0]), op.Inputs[0].DType)]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, SignOf<T>>();
}

internal readonly struct SignOf<T> : IUnary<SignOf<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => x > T.Zero ? T.One : x < T.Zero ? -T.One : T.Zero;
}
