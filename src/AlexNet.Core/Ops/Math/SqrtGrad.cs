using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor SqrtGrad(Tensor y, Tensor dy) => y.Graph.Add(new SqrtGradOp(), [y, dy]);
}

/// <summary>The gradient of y = √x: dy / (2y).</summary>
internal sealed class SqrtGradOp : SlopeOp
{
    public override string Type => "SqrtGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], op.Output, dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, RootSlope<T>>(plan);

    // s = dy / (2y): ∂s/∂y = −s / y, ∂s/∂dy = 1 / (2y).
    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy, Tensor slope, Tensor gradient)
    {
        using IDisposable after = y.Graph.ControlDependencies(gradient.Op);
        Tensor quotient = gradient / y;
        Tensor first = -quotient * slope;
        return [first, 0.5 * quotient];
    }
}

internal readonly struct RootSlope<T> : IBinary<RootSlope<T>, T, T>
    where T : unmanaged, INumber<T>
{
    // x is the function's result, y the gradient that comes in.
    public static T Invoke(T x, T y) => y * T.CreateTruncating(0.5) / x;
}
