using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor SigmoidGrad(Tensor y, Tensor dy) => y.Graph.Add(new SigmoidGradOp(), [y, dy]);
}

/// <summary>The gradient of y = 1/(1 + e⁻ˣ): dy·y·(1 − y).</summary>
internal sealed class SigmoidGradOp : SlopeOp
{
    public override string Type => "SigmoidGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], op.Output, dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, LogisticSlope<T>>(plan);

    // s = dy·y·(1 − y): ∂s/∂y = dy·(1 − 2y).
    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy, Tensor _, Tensor gradient)
    {
        using IDisposable after = y.Graph.ControlDependencies(gradient.Op);
        Tensor product = gradient * dy;
        Tensor first = product - (2.0 * product * y);
        return [first, MathOps.SigmoidGrad(y, gradient)];
    }
}

internal readonly struct LogisticSlope<T> : IBinary<LogisticSlope<T>, T, T>
    where T : unmanaged, INumber<T>
{
    // x is the function's result, y the gradient that comes in.
    public static T Invoke(T x, T y) => y * x * (T.One - x);
}
