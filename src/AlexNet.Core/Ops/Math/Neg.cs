using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>−x by elements (the operator −).</summary>
    public static Tensor Neg(Tensor x, string? name = null) => x.Graph.Add(new NegOp(), [x], name);
}

internal sealed class NegOp : UnaryOp
{
    public override string Type => "Neg";

    public override Gradient Gradient => Gradient.Of((op, dy) => [-dy[0]]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Negative<T>>();
}

internal readonly struct Negative<T> : IUnary<Negative<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => -x;

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Negate(x, y);
}
