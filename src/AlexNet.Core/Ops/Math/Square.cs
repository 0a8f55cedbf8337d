using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x² by elements.</summary>
    public static Tensor Square(Tensor x, string? name = null) => x.Graph.Add(new SquareOp(), [x], name);
}

internal sealed class SquareOp : UnaryOp
{
    public override string Type => "Square";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], dy[0]));

    protected override Kernel Make<T>() => new UnaryKernel<T, T, SquareOf<T>>();

    // The factor 2 waits for dy, so that 2x is not computed and kept too early.
    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        Tensor two = ((Operand)2.0).ToTensor(dy.Graph, x.DType, "Const");
        return [MathOps.Mul(dy, MathOps.Mul(x, two))];
    }
}

internal readonly struct SquareOf<T> : IUnary<SquareOf<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => x * x;

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(x, x, y);
}
