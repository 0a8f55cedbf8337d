namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Tensors of one shape side by side along a new dimension (<c>tf.stack</c>, op Pack).</summary>
    /// <param name="values">The tensors.</param>
    /// <param name="axis">Where the new dimension stands in the result; negative from the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">Shapes or types differ, or there is no such place.</exception>
    [System.Runtime.CompilerServices.OverloadResolutionPriority(1)]
    public static Tensor Stack(IReadOnlyList<Tensor> values, int axis = 0, string? name = null) =>
        values[0].Graph.Add(new PackOp(axis), values, name ?? "stack");

    /// <summary>Tensors and values side by side along a new first dimension; values become Consts.</summary>
    /// <inheritdoc cref="Stack(IReadOnlyList{Tensor}, int, string?)"/>
    public static Tensor Stack(IReadOnlyList<Operand> values, string? name = null) =>
        Operand.List([.. values]).ToTensor(GraphOf([.. values]), null, name ?? "stack");

    /// <summary>The graph of the first tensor among operands, else the default one.</summary>
    internal static Graph GraphOf(params ReadOnlySpan<Operand> operands)
    {
        foreach (Operand operand in operands)
        {
            if (operand.Tensor is { } tensor) return tensor.Graph;
        }

        return Graph.Default;
    }
}

internal sealed class PackOp(int axis) : OpDef
{
    public override string Type => "Pack";

    public override Gradient Gradient => Gradient.Of((op, dy) => ArrayOps.Unstack(dy[0], op.Inputs.Count, axis));

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("N", op.Inputs.Count);
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("axis", axis);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = inputs.SameType(0, inputs.Count - 1);
        Shape shape = Shape.Unknown;
        for (int i = 0; i < inputs.Count; i++)
        {
            shape = shape.MergeWith(inputs[i].Shape)
                ?? throw inputs.Error($"all inputs must have one shape; input {i} has {inputs[i].Shape}, the ones before it {shape}");
        }

        return [new(type, shape.HasRank ? shape.Insert(inputs.Axis(axis, shape.Rank + 1), inputs.Count) : shape)];
    }

    // Single sizes, side by side.
    public override Shape? InferValue(InferenceContext inputs)
    {
        Shape value = Shape.Scalar;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Shape is not { HasRank: true, Rank: 0 }) return null;
            value = value.Concat(inputs.Sizes(i));
        }

        return value;
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int place = ArrayRules.Axis(axis, spec.Output(0).Rank);
        long rows = Shape.CountOf(spec.Input(0).Dims.AsSpan(0, place)), length = Shape.CountOf(spec.Input(0).Dims.AsSpan(place));
        return MoveKernel.Of(spec, Enumerable.Range(0, spec.InputCount).Select(i =>
            Moves.Rows(spec, rows, length, (i, 0, length), (0, i * length, spec.InputCount * length))));
    }
}
