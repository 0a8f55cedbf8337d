namespace AlexNetTF;

/// <summary>The older form of GatherV2, along dimension 0; older graphs hold it.</summary>
internal sealed class GatherOp(bool validateIndices = true) : OpDef
{
    public override string Type => "Gather";

    public override Gradient Gradient => Gradient.Of((op, dy) => [GatherGradient.Of(op, null, dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Tindices", op.Inputs[1].DType);
        attributes.Add("Tparams", op.Inputs[0].DType);
        attributes.Add("validate_indices", validateIndices);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        Shape shape = inputs[0].Shape;
        if (shape is { HasRank: true, Rank: 0 }) throw inputs.Error("a scalar cannot be indexed");
        return [inputs[0] with { Shape = shape.HasRank ? inputs[1].Shape.Concat(shape.Slice(1, shape.Rank - 1)) : Shape.Unknown }];
    }

    public override Kernel CreateKernel(KernelSpec spec) => GatherKernel.Of(spec, 0, 0);
}
