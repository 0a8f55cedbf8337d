using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x and y, by elements, with NumPy's broadcasting.</summary>
    public static Tensor LogicalAnd(Operand x, Operand y, string? name = null) => Binary(new LogicalAndOp(), x, y, name);
}

internal sealed class LogicalAndOp : BinaryOp
{
    public override string Type => "LogicalAnd";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType[] Types => [DType.Bool];

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
    }

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Both<T>>(plan);
}

internal readonly struct Both<T> : IBinary<Both<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => T.IsZero(x) || T.IsZero(y) ? T.Zero : T.One;
}
