namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>An input that every run must feed (<c>tf.placeholder</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="type">The element type; a fed array of another number type is converted where no fraction is lost.</param>
    /// <param name="shape">What is known of the shape; nothing if null.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor Placeholder(this Graph graph, DType type, Shape? shape = null, string? name = null) =>
        graph.Add(new PlaceholderOp(type, shape ?? AlexNetTF.Shape.Unknown), [], name);
}

internal sealed class PlaceholderOp(DType type, Shape shape) : OpDef
{
    public override string Type => "Placeholder";

    public override Gradient Gradient => Gradient.None("a placeholder has no inputs");

    internal override bool MustBeFed => true;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("dtype", type);
        attributes.Add("shape", shape);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(type, shape)];

    public override Kernel CreateKernel(KernelSpec spec) => throw spec.Error($"a value of type {type.Name()} and shape {shape} must be fed");
}
