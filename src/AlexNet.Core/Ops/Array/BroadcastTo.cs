using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>A tensor repeated to a shape by NumPy's broadcasting rule (<c>tf.broadcast_to</c>).</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="shape">The sizes; from the last dimension on they equal the tensor's, where those are not 1.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="GraphException">The shapes do not fit.</exception>
    public static Tensor BroadcastTo(Tensor input, Operand shape, string? name = null)
    {
        Graph graph = input.Graph;
        using NameScope scope = graph.NameScope(name ?? "BroadcastTo");
        return graph.Add(new BroadcastToOp(), [input, shape.ToTensor(graph, DType.Int32, "shape")], scope.Name);
    }
}

internal sealed class BroadcastToOp : OpDef
{
    public override string Type => "BroadcastTo";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
    {
        Tensor shape = ArrayOps.Shape(op.Inputs[0], outType: op.Inputs[1].DType);
        Tensor axes = MathOps.BroadcastGradientArgs(op.Inputs[1], shape).Y;
        return [ArrayOps.Reshape(MathOps.Sum(dy[0], axes, keepDims: true), shape), null];
    });

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[1].DType);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        Shape target = inputs.OutputSizes(1), shape = inputs[0].Shape;
        if (!target.HasRank || !shape.HasRank) return [inputs[0] with { Shape = target }];
        bool fits = shape.Rank <= target.Rank;
        for (int i = 0; fits && i < shape.Rank; i++)
        {
            fits = shape[i] is null or 1 || target[target.Rank - shape.Rank + i] is not { } size || size == shape[i];
        }

        return fits
            ? [inputs[0] with { Shape = target }]
            : throw inputs.Error($"shape {shape} does not broadcast to {target}: from the last dimension on, sizes must be equal or 1 in the tensor");
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] input = spec.Input(0).Dims, output = spec.Output(0).Dims;
        long[] strides = StridedCopy.RowMajor(input);
        int added = output.Length - input.Length;
        return MoveKernel.Of(spec, new Move(0, 0, 0, 0, new StridedCopy(
            spec.Output(0).Type.Size(),
            output,
            [.. output.Select((_, i) => i < added || input[i - added] == 1 ? 0 : strides[i - added])],
            StridedCopy.RowMajor(output))));
    }
}
