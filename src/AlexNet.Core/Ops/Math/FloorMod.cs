using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>What a division rounded down leaves: of the divisor's sign (<c>tf.floormod</c>). −7 and 2 give 1.</summary>
    public static Tensor FloorMod(Operand x, Operand y, string? name = null) => Binary(new FloorModOp(), x, y, name);
}

internal sealed class FloorModOp : BinaryOp
{
    public override string Type => "FloorMod";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override DType[] Types => NumberTypes.Wide;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, FlooredRest<T>>(plan);

    // ∂/∂x = 1, ∂/∂y = −⌊x / y⌋.
    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.ByNodes(x, y);
        Tensor quotient = MathOps.FloorDiv(x, y);
        Tensor dx = toX.Apply(dy);
        Tensor slope = MathOps.Neg(quotient);
        return [dx, toY.Apply(dy * slope)];
    }
}

internal readonly struct FlooredRest<T> : IBinary<FlooredRest<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static string? Problem(ReadOnlySpan<T> x, ReadOnlySpan<T> y) => IntegerDivision.Problem(y);

    public static T Invoke(T x, T y) => (x < T.Zero) == (y < T.Zero) ? IntegerDivision.Rest(x, y) : IntegerDivision.Rest(IntegerDivision.Rest(x, y) + y, y);
}
