namespace AlexNetTF;

/// <summary>The gradient of an element-wise function from its result y (input 0) and the gradient dy of that (input 1), of one shape.</summary>
internal abstract class SlopeOp : BinaryOp
{
    protected override DType[] Types => NumberTypes.Floating;

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, 1);
        DType type = inputs.Require(0, Types);
        Shape shape = inputs[0].Shape.MergeWith(inputs[1].Shape)
            ?? throw inputs.Error($"the function's result {inputs[0].Shape} and its gradient {inputs[1].Shape} must have one shape");
        return [new(type, inputs[0].Shape.HasRank ? inputs[0].Shape : shape)];
    }
}
