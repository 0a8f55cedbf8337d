using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>A tensor of zeros with values where a strided slice would read them.</summary>
internal sealed class StridedSliceGradOp(SliceMasks masks) : OpDef
{
    public override string Type => "StridedSliceGrad";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [null, null, null, null, op.Graph.Add(new StridedSliceOp(masks), [dy[0], op.Inputs[1], op.Inputs[2], op.Inputs[3]])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("Index", op.Inputs[1].DType);
        attributes.Add("T", op.Inputs[4].DType);
        masks.Describe(attributes);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, 3);
        Shape shape = inputs.OutputSizes(0);
        Shape slice = StridedSliceOp.Work(inputs, shape, 1, masks)?.Result ?? Shape.Unknown;
        if (slice.MergeWith(inputs[4].Shape) is null) throw inputs.Error($"the slice of a tensor of shape {shape} has shape {slice}; the values have {inputs[4].Shape}");
        return [inputs[4] with { Shape = shape }];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        long[] begin = spec.Integers(1);
        DType type = spec.Output(0).Type;
        var slice = new StridedSliceSpec(spec.Error, Shape.Of(spec.Output(0).Dims), begin.Length, begin, spec.Integers(2), spec.Integers(3), masks);
        StridedCopy box = slice.Box(type.Size(), scatter: true, out long offset);
        return MoveKernel.Of(spec, Moves.FillAll(spec, -1, Splat.Of(type, [], 0)), new Move(4, 0, 0, offset, box));
    }
}
