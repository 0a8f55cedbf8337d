namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The same elements in another shape (<c>tf.reshape</c>); none moves.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">The new sizes, at most one of them −1: it takes what is left. <c>[]</c> makes a scalar.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The sizes do not give as many elements as the tensor has.</exception>
    public static Tensor Reshape(Tensor tensor, Operand shape, string? name = null)
    {
        Graph graph = tensor.Graph;
        using NameScope scope = graph.NameScope(name ?? "Reshape");
        return graph.Add(new ReshapeOp(), [tensor, shape.ToTensor(graph, DType.Int32, "shape")], scope.Name);
    }

    /// <summary>A gradient in the shape of an operation's first input.</summary>
    internal static Tensor ReshapeToInput(Operation op, Tensor gradient) => Reshape(gradient, Shape(op.Inputs[0]));
}

internal sealed class ReshapeOp : OpDef
{
    public override string Type => "Reshape";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.ReshapeToInput(op, dy[0]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tshape", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        Shape input = inputs[0].Shape, wanted = inputs.ValueAsShape(1);
        long[]? sizes = inputs.Integers(1);
        if (sizes is not null) Check(inputs, sizes);

        // One unknown size would follow from the elements alone; a run must find out whether it is the one that is asked for.
        else if (!inputs.IsBuilding) return [inputs[0] with { Shape = Shape.Unknown }];
        if (!wanted.HasRank) return [inputs[0] with { Shape = Shape.Unknown }];
        if (input.ElementCount is { } count) wanted = Complete(inputs, input, count, wanted);
        return [inputs[0] with { Shape = wanted }];
    }

    public override Shape? InferValue(InferenceContext inputs) => inputs[1].Shape is { HasRank: true, Rank: 1 } shape && shape[0] <= 1 ? inputs.Sizes(0) : null;

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Alias();

    private static void Check(InferenceContext inputs, long[] sizes)
    {
        foreach (long size in sizes)
        {
            if (size is < -1 or > int.MaxValue) throw inputs.Error($"sizes must be 0 or more, or -1 for the one to be inferred; the new shape is [{string.Join(",", sizes)}]");
        }

        // TensorFlow leaves this one to the run.
        if (!inputs.IsBuilding && sizes.Count(size => size == -1) > 1) throw inputs.Error($"only one size can be inferred; the new shape is [{string.Join(",", sizes)}]");
    }

    // The one unknown size is what the others leave of the elements. With a 0 among them the non-zero sizes decide.
    private static Shape Complete(InferenceContext inputs, Shape input, long count, Shape wanted)
    {
        long known = 1, nonZero = 1;
        int unknown = -1;
        for (int i = 0; i < wanted.Rank; i++)
        {
            if (wanted[i] is { } size)
            {
                known *= size;
                if (size != 0) nonZero *= size;
            }
            else if (unknown >= 0)
            {
                return wanted;
            }
            else
            {
                unknown = i;
            }
        }

        if (unknown < 0)
        {
            return known == count ? wanted : throw inputs.Error($"a tensor of shape {input} has {count} elements; the new shape {wanted} has {known}");
        }

        // A size that is only not known yet, rather than asked for by -1, can be anything beside a 0.
        if (known == 0 && count == 0 && inputs.Integers(1) is null) return wanted;
        if (known == 0 && count == 0) count = input.Where(size => size != 0).Aggregate(1L, (product, size) => product * size!.Value);
        if (known == 0 && inputs[0].Shape.ElementCount != 0) throw inputs.Error($"the size to be inferred is undefined: the new shape {wanted} holds a 0, the tensor's shape {input} does not");
        return count % nonZero == 0
            ? wanted.With(unknown, checked((int)(count / nonZero)))
            : throw inputs.Error($"the tensor's {count} elements (shape {input}) must be divisible by the new shape's known sizes {wanted}, that is by {nonZero}");
    }
}
