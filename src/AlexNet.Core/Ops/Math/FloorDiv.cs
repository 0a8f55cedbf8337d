using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x / y by elements, rounded down (<c>tf.floordiv</c>): −7 and 2 give −4.</summary>
    public static Tensor FloorDiv(Operand x, Operand y, string? name = null) => Binary(new FloorDivOp(), x, y, name);
}

internal sealed class FloorDivOp : BinaryOp
{
    public override string Type => "FloorDiv";

    public override Gradient Gradient => Gradient.None("a quotient rounded down is constant between its steps");

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, FlooredQuotient<T>>(plan);
}

internal readonly struct FlooredQuotient<T> : IBinary<FlooredQuotient<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static string? Problem(ReadOnlySpan<T> x, ReadOnlySpan<T> y) => IntegerDivision.Problem(y);

    public static T Invoke(T x, T y) => typeof(T) == typeof(float) || typeof(T) == typeof(double)
        ? T.CreateTruncating(Math.Floor(double.CreateTruncating(x / y)))
        : IntegerDivision.Floor(x, y);
}
