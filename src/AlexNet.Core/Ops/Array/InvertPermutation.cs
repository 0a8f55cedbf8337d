using System.Numerics;

namespace AlexNetTF;

public static partial class ArrayOps
{
    /// <summary>The permutation that undoes another: y[x[i]] = i (<c>tf.invert_permutation</c>).</summary>
    /// <param name="x">A vector that holds each of 0 … n−1 once; anything else fails in the run.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor InvertPermutation(Tensor x, string? name = null) => x.Graph.Add(new InvertPermutationOp(), [x], name);
}

internal sealed class InvertPermutationOp : OpDef
{
    public override string Type => "InvertPermutation";

    public override Gradient Gradient => Gradient.None("the op works on integers");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[0].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [new(inputs.IndexType(0), inputs.WithRank(0, 1))];

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type == DType.Int64 ? Kernel.Of(Run<long>) : Kernel.Of(Run<int>);

    private static void Run<T>(KernelContext context)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> x = context.Input<T>(0);
        Span<T> y = context.Output<T>(0);
        y.Fill(-T.One);
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] < T.Zero || x[i] >= T.CreateChecked(x.Length)) throw context.Error($"a permutation of {x.Length} holds 0 to {x.Length - 1}; element {i} is {x[i]}");
            int place = int.CreateChecked(x[i]);
            if (y[place] >= T.Zero) throw context.Error($"a permutation holds each number once; {x[i]} is there twice");
            y[place] = T.CreateChecked(i);
        }
    }
}
