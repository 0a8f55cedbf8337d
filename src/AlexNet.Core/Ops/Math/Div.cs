using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>
    /// x / y by elements as TensorFlow 1's <c>tf.div</c>: a true quotient for floating-point numbers (op RealDiv), rounded
    /// down for integers (op FloorDiv). With NumPy's broadcasting.
    /// </summary>
    public static Tensor Div(Operand x, Operand y, string? name = null)
    {
        Graph graph = GraphOf(x, y);
        using NameScope scope = graph.NameScope(name ?? "div");
        Tensor a = x.ToTensor(graph, TypeOf(x, y), "x"), b = y.ToTensor(graph, a.DType, "y");
        return a.DType.IsFloating() ? RealDiv(a, b, scope.Name) : FloorDiv(a, b, scope.Name);
    }

    /// <summary>
    /// The true quotient x / y by elements, as the operator /: integers are converted first, small ones to float32, int32
    /// and int64 to float64. With NumPy's broadcasting.
    /// </summary>
    public static Tensor TrueDiv(Operand x, Operand y, string? name = null)
    {
        Graph graph = GraphOf(x, y);
        using NameScope scope = graph.NameScope(name ?? "truediv");
        Tensor a = x.ToTensor(graph, TypeOf(x, y), "x"), b = y.ToTensor(graph, a.DType, "y");
        DType type = a.DType switch
        {
            DType.Int32 or DType.Int64 => DType.Float64,
            DType.UInt8 or DType.Int8 or DType.Int16 => DType.Float32,
            _ => a.DType,
        };
        return RealDiv(Cast(a, type), Cast(b, type), scope.Name);
    }
}

/// <summary>TensorFlow's op Div: a quotient of floating-point numbers, or of integers rounded toward 0. No function makes it; graphs from files hold it.</summary>
internal sealed class DivOp : BinaryOp
{
    public override string Type => "Div";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, TruncatedQuotient<T>>(plan);

    // ∂/∂x = 1 / y, ∂/∂y = −x / y / y.
    private static IReadOnlyList<Tensor?> Gradients(Tensor x, Tensor y, Tensor dy)
    {
        (Unbroadcast toX, Unbroadcast toY) = Unbroadcast.ByNodes(x, y);
        Tensor dx = toX.Apply(dy / y);
        Tensor slope = -x / y / y;
        return [dx, toY.Apply(dy * slope)];
    }
}
