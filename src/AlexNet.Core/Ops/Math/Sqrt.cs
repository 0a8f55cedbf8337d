using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>√x by elements; NaN below 0.</summary>
    public static Tensor Sqrt(Tensor x, string? name = null) => x.Graph.Add(new SqrtOp(), [x], name);
}

internal sealed class SqrtOp : FloatingUnaryOp
{
    public override string Type => "Sqrt";

    public override Gradient Gradient => Gradient.Of((op, dy) => [MathOps.SqrtGrad(op.Output, dy[0])]);

    protected override Kernel Make<T>() => new UnaryKernel<T, T, SquareRoot<T>>();
}

internal readonly struct SquareRoot<T> : IUnary<SquareRoot<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Sqrt(x);

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sqrt(x, y);
}
