namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor without dimensions of size 1 (<c>tf.squeeze</c>); no element moves.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="axis">The dimensions to drop, negative from the end; all of size 1 if null or empty.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">A named dimension does not exist or has another size.</exception>
    public static Tensor Squeeze(Tensor input, int[]? axis = null, string? name = null) =>
        input.Graph.Add(new SqueezeOp(axis ?? []), [input], name);
}

internal sealed class SqueezeOp(int[] axes) : OpDef
{
    public override string Type => "Squeeze";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.ReshapeToInput(op, dy[0])]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("squeeze_dims", axes);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape shape = inputs[0].Shape;
        if (!shape.HasRank) return [inputs[0]];
        var dropped = new HashSet<int>();
        foreach (int axis in axes) dropped.Add(inputs.Axis(axis, shape.Rank));
        if (axes.Length == 0)
        {
            // Which dimensions go depends on sizes that are not known.
            if (!shape.IsFullyDefined) return [inputs[0] with { Shape = Shape.Unknown }];
            dropped.UnionWith(Enumerable.Range(0, shape.Rank).Where(i => shape[i] == 1));
        }

        foreach (int axis in dropped)
        {
            if (shape[axis] is { } size and not 1) throw inputs.Error($"dimension {axis} must have size 1 to be dropped; it has {size} (shape {shape})");
        }

        return [inputs[0] with { Shape = new Shape([.. Enumerable.Range(0, shape.Rank).Where(i => !dropped.Contains(i)).Select(i => shape[i])]) }];
    }

    // A vector of one size as a scalar.
    public override Shape? InferValue(InferenceContext inputs) => inputs[0].Shape is { HasRank: true, Rank: 1 } shape && shape[0] == 1 ? inputs.Sizes(0) : null;

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();
}
