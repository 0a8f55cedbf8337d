using System.Numerics;

namespace AlexNetTF;

public static partial class Nn
{
    /// <summary>
    /// Whether each row's target is among its k largest predictions (<c>tf.nn.in_top_k</c>, op InTopKV2): fewer than k
    /// classes score higher. False, without an error, for a target out of range and where a score is not finite.
    /// </summary>
    /// <param name="predictions">Scores, float32 [batch, classes].</param>
    /// <param name="targets">Class numbers, int32 or int64 [batch].</param>
    /// <param name="k">How many classes count; more than there are is allowed.</param>
    /// <param name="name">The scope's name.</param>
    /// <returns>bool [batch].</returns>
    public static Tensor InTopK(Tensor predictions, Tensor targets, Operand k, string? name = null)
    {
        Graph graph = predictions.Graph;
        using NameScope outer = graph.NameScope(name ?? "in_top_k");
        using NameScope scope = graph.NameScope(name is null ? "InTopKV2" : outer.Name);
        return graph.Add(new InTopKV2Op(), [predictions, targets, k.ToTensor(graph, targets.DType, "k")], scope.Name);
    }
}

internal sealed class InTopKV2Op : OpDef
{
    public override string Type => "InTopKV2";

    public override Gradient Gradient => Gradient.None("truth values have no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("T", op.Inputs[1].DType);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, [DType.Float32]);
        inputs.Require(1, [DType.Int32, DType.Int64]);
        inputs.SameType(1, 2);
        Shape predictions = inputs.WithRank(0, 2), targets = inputs.WithRank(1, 1);
        inputs.WithRank(2, 0);
        Shape batch = predictions.Slice(0, 1).MergeWith(targets)
            ?? throw inputs.Error($"there must be a target for each row of predictions; there are {targets[0]} targets and {predictions[0]} rows");
        return [new(DType.Bool, batch)];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int classes = spec.Input(0).Dims[1];
        return Kernel.Of(spec.Input(1).Type == DType.Int32 ? context => Run<int>(context, classes) : context => Run<long>(context, classes));
    }

    private static void Run<T>(KernelContext context, int classes)
        where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<float> predictions = context.Input<float>(0);
        ReadOnlySpan<T> targets = context.Input<T>(1);
        long k = long.CreateChecked(context.Input<T>(2)[0]);
        Span<bool> result = context.Output<bool>(0);
        for (int row = 0; row < result.Length; row++)
        {
            result[row] = IsIn(predictions.Slice(row * classes, classes), long.CreateChecked(targets[row]), k);
        }
    }

    // Scores are looked at only until more than k are higher.
    private static bool IsIn(ReadOnlySpan<float> scores, long target, long k)
    {
        if (target < 0 || target >= scores.Length || !float.IsFinite(scores[(int)target])) return false;
        long higher = 0;
        foreach (float score in scores)
        {
            if (!float.IsFinite(score)) return false;
            if (score > scores[(int)target] && ++higher > k) break;
        }

        return higher < k;
    }
}
