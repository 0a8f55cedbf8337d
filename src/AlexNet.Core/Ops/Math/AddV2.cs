using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>x + y by elements, with NumPy's broadcasting: the op that the operator + makes.</summary>
    public static Tensor AddV2(Operand x, Operand y, string? name = null) => Binary(new AddV2Op(), x, y, name);
}

internal sealed class AddV2Op : BinaryOp
{
    public override string Type => "AddV2";

    public override Gradient Gradient => Gradient.Of((op, dy) => AddOp.Gradients(op.Inputs[0], op.Inputs[1], dy[0]));

    protected override Kernel Make<T>(BroadcastPlan plan) => new BinaryKernel<T, T, Plus<T>>(plan);
}
