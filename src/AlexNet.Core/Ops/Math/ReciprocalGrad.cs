using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor ReciprocalGrad(Tensor y, Tensor dy) => y.Graph.Add(new ReciprocalGradOp(), [y, dy]);
}

/// <summary>The gradient of y = 1/x: −dy·y².</summary>
internal sealed class ReciprocalGradOp : SlopeOp
{
    public override string Type => "ReciprocalGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], op.Output, dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, InverseSlope<T>>(plan);

    // s = −dy·y²: ∂s/∂y = −2·dy·y.
    private static IReadOnlyList<Tensor?> Gradients(Tensor y, Tensor dy, Tensor _, Tensor gradient)
    {
        using IDisposable after = y.Graph.ControlDependencies(gradient.Op);
        Tensor first = gradient * -2.0 * dy * y;
        return [first, MathOps.ReciprocalGrad(y, gradient)];
    }
}

internal readonly struct InverseSlope<T> : IBinary<InverseSlope<T>, T, T>
    where T : unmanaged, INumber<T>
{
    // x is the function's result, y the gradient that comes in.
    public static T Invoke(T x, T y) => -y * x * x;
}
