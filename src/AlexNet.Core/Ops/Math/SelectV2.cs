using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    /// <summary>Elements of <paramref name="x"/> where the condition holds, of <paramref name="y"/> elsewhere, all three with NumPy's broadcasting (<c>tf.compat.v2.where</c>, op SelectV2).</summary>
    public static Tensor WhereV2(Tensor condition, Operand x, Operand y, string? name = null) => Choice(new SelectV2Op(), condition, x, y, name);
}

internal sealed class SelectV2Op : OpDef
{
    public override string Type => "SelectV2";

    public override Gradient Gradient => Gradient.Of((op, dy) => Gradients(op, dy[0]));

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, [DType.Bool]);
        DType type = inputs.SameType(1, 2);
        Shape values = Broadcasting.Infer(inputs, 1, 2);
        Shape shape = Broadcasting.Join(inputs[0].Shape, values)
            ?? throw inputs.Error($"the condition's shape {inputs[0].Shape} and that of the alternatives, {values}, must agree from the last dimension on: equal sizes, or 1 in one of them");
        return [new(type, shape)];
    }

    public override Kernel CreateKernel(KernelSpec spec) =>
        SelectKernel.Of(new BroadcastPlan(spec.Input(0).Dims, spec.Input(1).Dims, spec.Input(2).Dims), spec);

    private static IReadOnlyList<Tensor?> Gradients(Operation op, Tensor dy)
    {
        Graph graph = op.Graph;
        Tensor zeros = ((Operand)0.0).ToTensor(graph, dy.DType, "zeros");
        Tensor chosen = MathOps.WhereV2(op.Inputs[0], dy, zeros);
        Tensor shapeX = ArrayOps.Shape(op.Inputs[1]), shape = ArrayOps.Shape(op.Output);
        Tensor dx = Back(chosen, shapeX, shape);
        Tensor others = MathOps.WhereV2(op.Inputs[0], zeros, dy);
        return [null, dx, Back(others, ArrayOps.Shape(op.Inputs[2]), shape)];
    }

    private static Tensor Back(Tensor gradient, Tensor own, Tensor common)
    {
        (Tensor axes, _) = MathOps.BroadcastGradientArgs(own, common);
        return ArrayOps.Reshape(MathOps.Sum(gradient, (Operand)axes, keepDims: true), own);
    }
}
