using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor RsqrtGrad(Tensor y, Tensor dy) => y.Graph.Add(new RsqrtGradOp(), [y, dy]);
}

/// <summary>The gradient of y = 1/√x: −dy·y³ / 2.</summary>
internal sealed class RsqrtGradOp : SlopeOp
{
    public override string Type => "RsqrtGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], op.Output, dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, InverseRootSlope<T>>(plan);

    // s = −dy·y³ / 2: ∂s/∂y = −3/2·dy·y².
    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy, Tensor _, Tensor gradient)
    {
        using IDisposable after = y.Graph.ControlDependencies(gradient.Op);
        Tensor first = -1.5 * gradient * dy * MathOps.Square(y);
        return [first, MathOps.RsqrtGrad(y, gradient)];
    }
}

internal readonly struct InverseRootSlope<T> : IBinary<InverseRootSlope<T>, T, T>
    where T : unmanaged, INumber<T>
{
    // x is the function's result, y the gradient that comes in.
    public static T Invoke(T x, T y) => T.CreateTruncating(-0.5) * (y * x) * (x * x);
}
