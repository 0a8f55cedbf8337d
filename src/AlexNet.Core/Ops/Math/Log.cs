using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>The natural logarithm by elements: −∞ at 0, NaN below.</summary>
    public static Tensor Log(Tensor x, string? name = null) => x.Graph.Add(new LogOp(), [x], name);
}

internal sealed class LogOp : FloatingUnaryOp
{
    public override string Type => "Log";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Logarithm<T>>();

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        return [dy * MathOps.Reciprocal(x)];
    }
}

internal readonly struct Logarithm<T> : IUnary<Logarithm<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Log(x);

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => WholeVectors.Apply<T, Vectors>(x, y);

    private readonly struct Vectors : IVectorFunction<T>
    {
        public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Log(x, y);
    }
}
