namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Joins tensors along a dimension (<c>tf.concat</c>, op ConcatV2); a single one is passed on.</summary>
    /// <param name="values">The tensors, equal in all other dimensions.</param>
    /// <param name="axis">The dimension, negative from the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is no tensor, or shapes or types do not fit.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public static Tensor Concat(IReadOnlyList<Tensor> values, Operand axis, string? name = null) =>
        Concat([.. values.Select(value => (Operand)value)], axis, name);

    /// <summary>Joins tensors and values, such as <c>[[-1], sizes]</c>, along a dimension; values become Consts.</summary>
    /// <inheritdoc cref="Concat(IReadOnlyList{Tensor}, Operand, string?)"/>
    public static Tensor Concat(IReadOnlyList<Operand> values, Operand axis, string? name = null)
    {
        Tensor first = values.Select(value => value.Tensor).FirstOrDefault(tensor => tensor is not null)
            ?? throw new GraphException("Concat needs at least one tensor; the list holds none.");
        Graph graph = first.Graph;
        using NameScope scope = graph.NameScope(name ?? "concat");
        if (values.Count == 1)
        {
            axis.ToTensor(graph, DType.Int32, "concat_dim");
            return Identity(first, name ?? "concat");
        }

        Tensor[] tensors = [.. values.Select((value, i) => value.ToTensor(graph, first.DType, $"values_{i}"))];
        return graph.Add(new ConcatV2Op(), [.. tensors, axis.ToTensor(graph, DType.Int32, "axis")], scope.Name);
    }
}

internal sealed class ConcatV2Op : OpDef
{
    public override string Type => "ConcatV2";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [.. ConcatRule.Gradients(op.Inputs[^1], [.. op.Inputs.SkipLast(1)], dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count - 1);
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[^1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [ConcatRule.Infer(inputs, 0, inputs.Count - 1, inputs.Count - 1)];

    public override Shape? InferValue(InferenceContext inputs) => ConcatRule.InferValue(inputs, 0, inputs.Count - 1);

    public override Kernel CreateKernel(KernelSpec spec) => ConcatRule.Kernel(spec, 0, spec.InputCount - 1, spec.InputCount - 1);
}
