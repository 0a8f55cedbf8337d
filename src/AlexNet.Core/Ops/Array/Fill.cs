namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor of one value (<c>tf.fill</c>).</summary>
    /// <param name="dims">Its sizes.</param>
    /// <param name="value">The value; it decides the element type.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Fill(Operand dims, Operand value, string? name = null)
    {
        Graph graph = GraphOf(dims, value);
        using NameScope scope = graph.NameScope(name ?? "Fill");
        return graph.Add(new FillOp(), [dims.ToTensor(graph, DType.Int32, "dims"), value.ToTensor(graph, null, "value")], scope.Name);
    }
}

internal sealed class FillOp : OpDef
{
    public override string Type => "Fill";

    public override Gradient Gradient => Gradient.Of((op, dy) => [null, MathOps.Sum(dy[0])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[1].DType);
        attributes.Add("index_type", op.Inputs[0].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.RequireScalar(1);
        return [new(inputs[1].Type, inputs.OutputSizes(0))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => MoveKernel.Of(spec, Moves.FillAll(spec, 1));
}
