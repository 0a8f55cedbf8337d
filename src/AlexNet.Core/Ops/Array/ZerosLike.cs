namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Zeros in a tensor's shape (<c>tf.zeros_like</c>): as <see cref="Zeros(Graph, Operand, DType, string?)"/> where the shape is known, else op ZerosLike.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">The element type; the tensor's if null.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="optimize">Whether a known shape is used.</param>
    public static Tensor ZerosLike(Tensor tensor, DType? type = null, string? name = null, bool optimize = true)
    {
        Graph graph = tensor.Graph;
        using NameScope scope = graph.NameScope(name ?? "zeros_like");
        if (optimize && tensor.Shape.IsFullyDefined) return graph.Zeros(tensor.Shape, type ?? tensor.DType, scope.Name);
        return type is { } other && other != tensor.DType
            ? graph.Zeros(Shape(tensor, optimize: optimize), other, scope.Name)
            : graph.Add(new ZerosLikeOp(), [tensor], scope.Name);
    }
}

internal sealed class ZerosLikeOp : OpDef
{
    public override string Type => "ZerosLike";

    public override Gradient Gradient => Gradient.None("the result does not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

    public override Kernel CreateKernel(KernelSpec spec) => MoveKernel.Of(spec, Moves.FillAll(spec, -1, Splat.Of(spec.Output(0).Type, [], 0)));
}
