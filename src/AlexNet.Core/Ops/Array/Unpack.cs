namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The slices of a tensor along a dimension, which they no longer have (<c>tf.unstack</c>, op Unpack).</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="count">How many; may be null where the dimension's size is known.</param>
    /// <param name="axis">The dimension, negative from the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The number is not known or is not the dimension's size, or there is no such dimension.</exception>
    public static IReadOnlyList<Tensor> Unstack(Tensor value, int? count = null, int axis = 0, string? name = null)
    {
        Shape shape = value.Shape;
        int place = axis < 0 && shape.HasRank ? axis + shape.Rank : axis;
        int parts = count ?? (shape.HasRank && place >= 0 && place < shape.Rank && shape[place] is { } size
            ? size
            : throw new GraphException($"The number of slices does not follow from {value}, axis {axis}; give it as 'count'."));
        return value.Graph.AddOperation(new UnpackOp(parts, axis), [value], name ?? "unstack").Outputs;
    }
}

internal sealed class UnpackOp(int count, int axis) : OpDef
{
    public override string Type => "Unpack";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.Stack(dy, axis)]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("axis", axis);
        attributes.Add("num", count);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape shape = inputs[0].Shape;
        if (!shape.HasRank) return [.. Enumerable.Repeat(inputs[0], count)];
        int place = inputs.Axis(axis, shape.Rank);
        if (shape[place] is { } size && size != count) throw inputs.Error($"dimension {place} of shape {shape} must have as many elements as slices are asked for; it has {size}, asked for are {count}");
        return [.. Enumerable.Repeat(inputs[0] with { Shape = shape.Without(place) }, count)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => SplitMoves.Kernel(spec, 0, ArrayRules.Axis(axis, spec.Input(0).Rank));

    internal override Shape? InferValue(InferenceContext inputs, int output) =>
        inputs[0].Shape is { HasRank: true, Rank: 1 } && inputs.Sizes(0) is { HasRank: true } sizes && output < sizes.Rank ? sizes.Slice(output, 1) : null;
}
