namespace AlexNetTF;

/// <summary>The older form of ConcatV2, with the axis in front; older graphs hold it.</summary>
internal sealed class ConcatOp : OpDef
{
    public override string Type => "Concat";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [null, .. ConcatRule.Gradients(op.Inputs[0], [.. op.Inputs.Skip(1)], dy[0])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count - 1);
        attributes.Add("T", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Int32Scalar(0);
        return [ConcatRule.Infer(inputs, 1, inputs.Count, 0)];
    }

    public override Shape? InferValue(InferenceContext inputs) => ConcatRule.InferValue(inputs, 1, inputs.Count);

    public override Kernel CreateKernel(KernelSpec spec) => ConcatRule.Kernel(spec, 1, spec.InputCount, 0);
}
