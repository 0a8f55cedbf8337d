namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>An input that a run may feed and that else has a value (<c>tf.placeholder_with_default</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">The value where nothing is fed.</param>
    /// <param name="shape">What is known of the shape; the value must fit it.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The value's shape contradicts <paramref name="shape"/>.</exception>
    public static Tensor PlaceholderWithDefault(this Graph graph, Operand input, Shape shape, string? name = null)
    {
        using NameScope scope = graph.NameScope(name ?? "PlaceholderWithDefault");
        return graph.Add(new PlaceholderWithDefaultOp(shape), [input.ToTensor(graph, null, "input")], scope.Name);
    }
}

internal sealed class PlaceholderWithDefaultOp(Shape shape) : OpDef
{
    public override string Type => "PlaceholderWithDefault";

    public override Gradient Gradient => Gradient.Of((op, dy) => [dy[0]]);

    internal override bool IsFoldable => false;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("dtype", op.Inputs[0].DType);
        attributes.Add("shape", shape);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape merged = inputs[0].Shape.MergeWith(shape) ?? throw inputs.Error($"the value's shape {inputs[0].Shape} must fit the declared shape {shape}");

        // A value that is fed may have any size that the declared shape allows.
        return [inputs[0] with { Shape = inputs.IsBuilding ? shape : merged }];
    }

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
}
