namespace AlexNetTF;

/// <summary>The older form of ReverseV2, with a truth value per dimension; older graphs hold it.</summary>
internal sealed class ReverseOp : OpDef
{
    public override string Type => "Reverse";

    public override Gradient Gradient => Gradient.Of((op, dy) => [op.Graph.Add(new ReverseOp(), [dy[0], op.Inputs[1]]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (inputs[1].Type != DType.Bool) throw inputs.Error($"input 1 must be bool, one value per dimension, not {inputs[1].Type.Name()}");
        return [inputs.WithRank(1, 1)[0] is { } rank ? inputs[0] with { Shape = inputs.WithRank(0, rank) } : inputs[0]];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        Span<bool> turned = (spec.Constant(1) ?? throw new ValueNeededException(1)).AsSpan<bool>();
        var axes = new HashSet<int>();
        for (int i = 0; i < turned.Length; i++)
        {
            if (turned[i]) axes.Add(i);
        }

        return ReverseV2Op.Kernel(spec, axes);
    }
}
