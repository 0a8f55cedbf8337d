using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x rounded up, by elements.</summary>
    public static Tensor Ceil(Tensor x, string? name = null) => x.Graph.Add(new CeilOp(), [x], name);
}

internal sealed class CeilOp : FloatingUnaryOp
{
    public override string Type => "Ceil";

    public override Gradient Gradient => Gradient.None("a rounded number is constant between its steps");

    protected override Kernel Make<T>() => new UnaryKernel<T, T, RoundedUp<T>>();
}

internal readonly struct RoundedUp<T> : IUnary<RoundedUp<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Ceiling(x);

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Ceiling(x, y);
}
