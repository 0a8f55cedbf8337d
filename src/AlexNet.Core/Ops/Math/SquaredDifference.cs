using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>(x − y)² by elements, with NumPy's broadcasting.</summary>
    public static Tensor SquaredDifference(Operand x, Operand y, string? name = null) => Binary(new SquaredDifferenceOp(), x, y, name);
}

internal sealed class SquaredDifferenceOp : BinaryOp
{
    public override string Type => "SquaredDifference";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override DType[] Types => NumberTypes.Wide;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, SquareOfDifference<T>>(plan);

    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        Tensor dx = Slope(x, y, dy);
        if (Unbroadcast.IsIdentity(x, y, dy)) return [dx, -dx];
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.Of(x, y, dy);
        Tensor first = toX.Apply(dx);
        return [first, -toY.Apply(dx)];
    }

    // 2·dy·(x − y)
    private static Tensor Slope(Tensor x, Tensor y, Tensor dy)
    {
        using IDisposable after = dy.Graph.ControlDependencies(dy.Op);
        Tensor doubled = MathOps.Mul(((Operand)2.0).ToTensor(dy.Graph, dy.DType, "scalar"), dy);
        return doubled * (x - y);
    }
}

internal readonly struct SquareOfDifference<T> : IBinary<SquareOfDifference<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => (x - y) * (x - y);
}
