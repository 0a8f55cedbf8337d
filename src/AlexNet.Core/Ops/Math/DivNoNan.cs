using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x / y by elements, and 0 where y is 0, with NumPy's broadcasting (<c>tf.div_no_nan</c>).</summary>
    public static Tensor DivNoNan(Operand x, Operand y, string? name = null)
    {
        (Graph graph, DType? type) = (GraphOf(x, y), TypeOf(x, y));
        using NameScope scope = graph.NameScope(name ?? "div_no_nan");
        return graph.Add(new DivNoNanOp(), [x.ToTensor(graph, type, "x"), y.ToTensor(graph, type, "y")], scope.Name);
    }
}

internal sealed class DivNoNanOp : BinaryOp
{
    public override string Type => "DivNoNan";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override DType[] Types => NumberTypes.Floating;

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, SafeQuotient<T>>(plan);

    // As RealDiv's, and 0 where y is 0.
    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.ByNodes(x, y);
        Tensor dx = toX.Apply(MathOps.DivNoNan(dy, y));
        Tensor slope = MathOps.DivNoNan(MathOps.DivNoNan(-x, y), y);
        return [dx, toY.Apply(dy * slope)];
    }
}

internal readonly struct SafeQuotient<T> : IBinary<SafeQuotient<T>, T, T>
    where T : unmanaged, INumber<T>
{
    public static T Invoke(T x, T y) => T.IsZero(y) ? T.Zero : x / y;
}
