using System.Numerics;
using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x rounded down, by elements.</summary>
    public static Tensor Floor(Tensor x, string? name = null) => x.Graph.Add(new FloorOp(), [x], name);
}

internal sealed class FloorOp : FloatingUnaryOp
{
    public override string Type => "Floor";

    public override Gradient Gradient => Gradient.None("a rounded number is constant between its steps");

    protected override Kernel Make<T>() => new UnaryKernel<T, T, RoundedDown<T>>();
}

internal readonly struct RoundedDown<T> : IUnary<RoundedDown<T>, T, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static T Invoke(T x) => T.Floor(x);

    public static void Invoke(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Floor(x, y);
}
