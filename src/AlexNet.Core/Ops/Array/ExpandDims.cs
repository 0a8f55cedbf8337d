namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor with a dimension of size 1 more (<c>tf.expand_dims</c>); no element moves.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="axis">Where the new dimension stands in the result; negative from the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">There is no such place.</exception>
    public static Tensor ExpandDims(Tensor input, Operand axis, string? name = null)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "ExpandDims");
        return graph.Add(new ExpandDimsOp(), [input, axis.ToTensor(graph, DType.Int32, "dim")], scope.Name);
    }
}

internal sealed class ExpandDimsOp : OpDef
{
    public override string Type => "ExpandDims";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.ReshapeToInput(op, dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tdim", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape shape = inputs[0].Shape;
        inputs.IndexType(1);
        if (!shape.HasRank) return [inputs[0]];
        return inputs.Integers(1) is { } axis
            ? [inputs[0] with { Shape = shape.Insert(inputs.Axis(Single(inputs, axis), shape.Rank + 1), 1) }]
            : [inputs[0] with { Shape = Shape.OfRank(shape.Rank + 1) }];
    }

    // A scalar of sizes as a vector of one.
    public override Shape? InferValue(InferenceContext inputs) => inputs[0].Shape is { HasRank: true, Rank: 0 } ? inputs.Sizes(0) : null;

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();

    private static long Single(InferenceContext inputs, long[] axis) =>
        axis.Length == 1 ? axis[0] : throw inputs.Error($"the axis must be one number; it is [{string.Join(",", axis)}]");
}
