using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>not x, by elements.</summary>
    public static Tensor LogicalNot(Tensor x, string? name = null) => x.Graph.Add(new LogicalNotOp(), [x], name);
}

internal sealed class LogicalNotOp : UnaryOp
{
    public override string Type => "LogicalNot";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    protected override DType[] Types => [DType.Bool];

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
    }

    protected override Kernel Make<T>() => new UnaryKernel<T, T, Not<T>>();
}

internal readonly struct Not<T> : IUnary<Not<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x) => T.IsZero(x) ? T.One : T.Zero;
}
