namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The values of a vector that another one does not have, in their order (<c>tf.setdiff1d</c>, op ListDiff).</summary>
    internal static Tensor SetDiff1D(Tensor x, Tensor y) => x.Graph.Add(new ListDiffOp(), [x, y]);
}

/// <summary>From two vectors of integers: the values of the first that the second lacks, and their places.</summary>
internal sealed class ListDiffOp : OpDef
{
    public override string Type => "ListDiff";

    public override Gradient Gradient => Gradient.None("integers have no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("out_idx", DType.Int32);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.SameType(0, 1);
        DType type = inputs.Require(0, [DType.Int32, DType.Int64]);
        inputs.WithRank(0, 1);
        inputs.WithRank(1, 1);
        int? left = inputs.Integers(0) is { } x && inputs.Integers(1) is { } y ? Places(x, y).Length : null;
        return [new(type, new Shape(left)), new(DType.Int32, new Shape(left))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        long[] x = spec.Integers(0);
        int[] places = Places(x, spec.Integers(1));
        bool wide = spec.Output(0).Type == DType.Int64;
        return Kernel.Of(context =>
        {
            places.CopyTo(context.Output<int>(1));
            for (int i = 0; i < places.Length; i++)
            {
                if (wide) context.Output<long>(0)[i] = x[places[i]];
                else context.Output<int>(0)[i] = (int)x[places[i]];
            }
        });
    }

    private static int[] Places(long[] x, long[] y) => [.. Enumerable.Range(0, x.Length).Where(i => !y.Contains(x[i]))];
}
