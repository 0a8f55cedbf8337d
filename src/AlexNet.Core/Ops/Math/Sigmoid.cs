using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>1 / (1 + e⁻ˣ) by elements.</summary>
    public static Tensor Sigmoid(Tensor x, string? name = null) => x.Graph.Add(new SigmoidOp(), [x], name);
}

internal sealed class SigmoidOp : FloatingUnaryOp
{
    public override string Type => "Sigmoid";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Output, dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Logistic<T>>();

    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        return [MathOps.SigmoidGrad(y, dy)];
    }
}

internal readonly struct Logistic<T> : IUnary<Logistic<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.One / (T.One + T.Exp(-x));

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => WholeVectors.Apply<T, Vectors>(x, y);

    private readonly struct Vectors : IVectorFunction<T>
    {
        public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Sigmoid(x, y);
    }
}
