using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>eˣ by elements.</summary>
    public static Tensor Exp(Tensor x, string? name = null) => x.Graph.Add(new ExpOp(), [x], name);
}

internal sealed class ExpOp : FloatingUnaryOp
{
    public override string Type => "Exp";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Output, dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Exponential<T>>();

    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        return [dy * y];
    }
}

internal readonly struct Exponential<T> : IUnary<Exponential<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Exp(x);

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => WholeVectors.Apply<T, Vectors>(x, y);

    private readonly struct Vectors : IVectorFunction<T>
    {
        public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Exp(x, y);
    }
}
