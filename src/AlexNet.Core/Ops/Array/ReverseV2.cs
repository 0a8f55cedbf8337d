using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor with the order of elements turned round along some dimensions (<c>tf.reverse</c>, op ReverseV2).</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="axis">The dimensions, each once; negative from the end.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">A dimension does not exist or is named twice.</exception>
    public static Tensor Reverse(Tensor tensor, Operand axis, string? name = null)
    {
        Graph graph = tensor.Graph;
        using NameScope scope = graph.NameScope(name ?? "ReverseV2");
        return graph.Add(new ReverseV2Op(), [tensor, axis.ToTensor(graph, DType.Int32, "axis")], scope.Name);
    }
}

internal sealed class ReverseV2Op : OpDef
{
    public override string Type => "ReverseV2";

    public override Gradient Gradient => Gradient.Of((op, dy) => [ArrayOps.Reverse(dy[0], op.Inputs[1]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.IndexType(1);
        inputs.WithRank(1, 1);
        Shape shape = inputs[0].Shape;
        if (shape.HasRank && inputs.Integers(1) is { } axes)
        {
            var named = new HashSet<int>();
            foreach (long axis in axes)
            {
                if (!named.Add(inputs.Axis(axis, shape.Rank))) throw inputs.Error($"dimension {axis} is named twice in [{string.Join(",", axes)}]");
            }
        }

        return [inputs[0]];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int rank = spec.Input(0).Rank;
        return Kernel(spec, [.. spec.Integers(1).Select(axis => ArrayRules.Axis(axis, rank))]);
    }

    /// <summary>Reads backwards, from the last element on, along the given dimensions.</summary>
    internal static Kernel Kernel(KernelSpec spec, HashSet<int> axes)
    {
        int[] dims = spec.Input(0).Dims;
        long[] strides = StridedCopy.RowMajor(dims);
        long offset = axes.Sum(axis => Math.Max(0, dims[axis] - 1) * strides[axis]);
        return MoveKernel.Of(spec, new Move(0, offset, 0, 0, new StridedCopy(
            spec.Output(0).Type.Size(),
            dims,
            [.. strides.Select((stride, i) => axes.Contains(i) ? -stride : stride)],
            strides)));
    }
}
