using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x or y, by elements, with NumPy's broadcasting.</summary>
    public static Tensor LogicalOr(Operand x, Operand y, string? name = null) => Binary(new LogicalOrOp(), x, y, name);
}

internal sealed class LogicalOrOp : BinaryOp
{
    public override string Type => "LogicalOr";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType[] Types => [DType.Bool];

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
    }

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Either<T>>(plan);
}

internal readonly struct Either<T> : IBinary<Either<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => T.IsZero(x) && T.IsZero(y) ? T.Zero : T.One;
}
