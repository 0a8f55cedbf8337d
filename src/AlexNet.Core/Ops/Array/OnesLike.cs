namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Ones in a tensor's shape (<c>tf.ones_like</c>): Fill with the tensor's Shape.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">The element type; the tensor's if null.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="optimize">Whether a known shape becomes a Const.</param>
    public static Tensor OnesLike(Tensor tensor, DType? type = null, string? name = null, bool optimize = true)
    {
        Graph graph = tensor.Graph;
        using NameScope scope = graph.NameScope(name ?? "ones_like");
        Tensor ones = graph.Ones(Shape(tensor, optimize: optimize), type ?? tensor.DType, scope.Name);
        ones.SetShape(tensor.Shape);
        return ones;
    }
}

/// <summary>TensorFlow's op of this name; its Python function builds a Fill instead.</summary>
internal sealed class OnesLikeOp : OpDef
{
    public override string Type => "OnesLike";

    public override Gradient Gradient => Gradient.None("the result does not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => inputs[0].Type == DType.String
        ? throw inputs.Error("there is no string that stands for 1")
        : [inputs[0]];

    public override Kernel CreateKernel(KernelSpec spec) => MoveKernel.Of(spec, Moves.FillAll(spec, -1, Splat.Of(spec.Output(0).Type, [], 1)));
}
