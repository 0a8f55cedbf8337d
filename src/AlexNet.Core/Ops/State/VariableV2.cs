namespace AlexNetTF;

/// <summary>Ops on variables and on the order of things.</summary>
public static partial class StateOps
{
    internal static Tensor VariableV2(this Graph graph, DType type, Shape shape, string name) =>
        graph.Add(new VariableV2Op(type, shape), [], name);
}

internal sealed class VariableV2Op(DType type, Shape shape) : OpDef
{
    public override string Type => "VariableV2";

    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.None("a variable has no inputs");

    internal override bool IsVariable => true;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("container", "");
        attributes.Add("dtype", type);
        attributes.Add("shape", shape);
        attributes.Add("shared_name", "");
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(type, shape, IsReference: true)];

    public override Kernel CreateKernel(KernelSpec spec) => throw new InvalidOperationException("A variable's memory is the session's; it has no kernel.");
}
