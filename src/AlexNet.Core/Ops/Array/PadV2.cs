namespace AlexNetTF;

internal sealed class PadV2Op : OpDef
{
    public override string Type => "PadV2";

    public override Gradient Gradient => Gradient.Of((op, dy) => [PadRule.Gradient(op, dy[0]), null, null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => PadRule.Describe(attributes, op);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.RequireScalar(2);
        if (inputs[2].Type != inputs[0].Type) throw inputs.Error($"the padded value must be {inputs[0].Type.Name()} as the tensor is, not {inputs[2].Type.Name()}. Convert it with MathOps.Cast");
        return [inputs[0] with { Shape = PadRule.Infer(inputs) }];
    }

    public override Kernel CreateKernel(KernelSpec spec) => PadRule.Kernel(spec, 2, null);
}
