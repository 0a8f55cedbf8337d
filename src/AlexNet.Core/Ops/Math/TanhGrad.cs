using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor TanhGrad(Tensor y, Tensor dy) => y.Graph.Add(new TanhGradOp(), [y, dy]);
}

/// <summary>The gradient of y = tanh(x): dy·(1 − y²).</summary>
internal sealed class TanhGradOp : SlopeOp
{
    public override string Type => "TanhGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], op.Output, dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, TangentSlope<T>>(plan);

    // s = dy·(1 − y²): ∂s/∂y = −2·dy·y.
    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy, Tensor _, Tensor gradient)
    {
        using IDisposable after = y.Graph.ControlDependencies(gradient.Op);
        Tensor first = gradient * -2.0 * dy * y;
        return [first, MathOps.TanhGrad(y, gradient)];
    }
}

internal readonly struct TangentSlope<T> : IBinary<TangentSlope<T>, T, T>
    where T : unmanaged, INumber<T>
{
    // x is the function's result, y the gradient that comes in.
    public static T Invoke(T x, T y) => y * (T.One - (x * x));
}
