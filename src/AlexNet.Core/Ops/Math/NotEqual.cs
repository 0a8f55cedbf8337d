using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Whether x ≠ y, by elements, with NumPy's broadcasting; NaN differs from everything.</summary>
    public static Tensor NotEqual(Operand x, Operand y, string? name = null) => Binary(new NotEqualOp(), x, y, name);
}

internal sealed class NotEqualOp : BinaryOp
{
    public override string Type => "NotEqual";

    public override Gradient Gradient => Gradient.None("a comparison is constant between its steps");

    protected override DType[] Types => NumberTypes.AllAndBool;

    protected override DType ResultOf(DType operand) => DType.Bool;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        base.DescribeAttributes(attributes, op);
        attributes.Add("incompatible_shape_error", true);
    }

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, bool, IsNotEqual<T>>(plan);
}

internal readonly struct IsNotEqual<T> : IBinary<IsNotEqual<T>, T, bool>
    where T : unmanaged, INumber<T>
{
    public static bool Invoke(T x, T y) => x != y;
}
