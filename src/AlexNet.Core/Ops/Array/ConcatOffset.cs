namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>Where each of several tensors of the given sizes begins when they are joined along a dimension.</summary>
    internal static IReadOnlyList<Tensor> ConcatOffset(Operand axis, IReadOnlyList<Tensor> shapes, string? name = null)
    {
        Graph graph = shapes[0].Graph;
        using NameScope scope = graph.NameScope(name ?? "ConcatOffset");
        return graph.AddOperation(new ConcatOffsetOp(), [axis.ToTensor(graph, DType.Int32, "concat_dim"), .. shapes], scope.Name).Outputs;
    }
}

internal sealed class ConcatOffsetOp : OpDef
{
    public override string Type => "ConcatOffset";

    public override Gradient Gradient => Gradient.None("places do not depend on values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("N", op.Inputs.Count - 1);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.RequireScalar(0);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Type != DType.Int32) throw inputs.Error($"input {i} must be int32, not {inputs[i].Type.Name()}");
        }

        return [.. Enumerable.Range(1, inputs.Count - 1).Select(i => new TensorSpec(DType.Int32, inputs.WithRank(i, 1)))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int count = spec.OutputCount;
        return Kernel.Of(context => Run(context, count));
    }

    private static void Run(KernelContext context, int count)
    {
        int rank = context.Input<int>(1).Length, given = context.Input<int>(0)[0];
        if (given < -rank || given >= rank) throw context.Error($"the axis must lie in [{-rank}, {rank - 1}]; it is {given}");
        int axis = ArrayRules.Axis(given, rank), offset = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<int> sizes = context.Input<int>(i + 1);
            if (sizes.Length != rank) throw context.Error($"all shapes must have as many dimensions; shape 0 has {rank}, shape {i} has {sizes.Length}");
            for (int d = 0; d < rank; d++)
            {
                if (d != axis && sizes[d] != context.Input<int>(1)[d]) throw context.Error($"dimension {d} must be equal in all shapes; shape 0 has {context.Input<int>(1)[d]}, shape {i} has {sizes[d]}");
            }

            Span<int> begin = context.Output<int>(i);
            begin.Clear();
            begin[axis] = offset;
            offset += sizes[axis];
        }
    }
}
