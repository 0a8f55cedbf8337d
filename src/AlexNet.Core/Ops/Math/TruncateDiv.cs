using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x / y by elements for integers, rounded toward 0 as C# does (<c>tf.truncatediv</c>).</summary>
    public static Tensor TruncateDiv(Operand x, Operand y, string? name = null) => Binary(new TruncateDivOp(), x, y, name);
}

internal sealed class TruncateDivOp : BinaryOp
{
    public override string Type => "TruncateDiv";

    public override Gradient Gradient => Gradient.None("a quotient of integers is constant between its steps");

    protected override DType[] Types => NumberTypes.Integer;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, TruncatedQuotient<T>>(plan);
}

internal readonly struct TruncatedQuotient<T> : IBinary<TruncatedQuotient<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static string? Problem(ReadOnlySpan<T> x, ReadOnlySpan<T> y) => IntegerDivision.Problem(y);

    public static T Invoke(T x, T y) => IntegerDivision.Truncate(x, y);
}
