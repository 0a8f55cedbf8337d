using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x to the power of y by elements, with NumPy's broadcasting. Integers take no negative powers.</summary>
    public static Tensor Pow(Operand x, Operand y, string? name = null) => Binary(new PowOp(), x, y, name);
}

internal sealed class PowOp : BinaryOp
{
    public override string Type => "Pow";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op, op.Inputs[0], op.Inputs[1], dy[0]));

    protected override DType[] Types => NumberTypes.Wide;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, PowerOf<T>>(plan);

    // ∂/∂x = y·x^(y−1), ∂/∂y = xʸ·log(x), 0 where x ≤ 0 has no logarithm.
    private static IReadOnlyList<Tensor?> Gradients(Operation op, Tensor x, Tensor y, Tensor dy)
    {
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.Of(x, y, dy);
        Tensor scaled = dy * y;
        Tensor dx = toX.Apply(scaled * MathOps.Pow(x, y - 1));
        Tensor mask = MathOps.Greater(x, 0);
        Tensor safe = MathOps.Where(mask, x, ArrayOps.OnesLike(x));
        Tensor logarithm = MathOps.Log(safe);
        logarithm = MathOps.Where(mask, logarithm, ArrayOps.ZerosLike(x));
        return [dx, toY.Apply(dy * op.Output * logarithm)];
    }
}

internal readonly struct PowerOf<T> : IBinary<PowerOf<T>, T, T>
    where T : unmanaged, INumber<T>
{
    private static bool IsFloating => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    public static string? Problem(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        if (IsFloating) return null;
        foreach (T power in y)
        {
            if (T.IsNegative(power)) return $"an integer has no power of {power}; convert the operands to floating point with MathOps.Cast";
        }

        return null;
    }

    public static T Invoke(T x, T y) => IsFloating
        ? T.CreateTruncating(Math.Pow(double.CreateTruncating(x), double.CreateTruncating(y)))
        : ByMultiplying(x, y);

    private static T ByMultiplying(T x, T y)
    {
        T result = T.One, two = T.CreateTruncating(2);
        for (; y > T.Zero; y /= two)
        {
            if (T.IsOddInteger(y)) result *= x;
            x *= x;
        }

        return result;
    }
}
