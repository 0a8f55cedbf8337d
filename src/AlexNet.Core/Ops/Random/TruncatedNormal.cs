using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class RandomOps
{
    /// <summary>Normally distributed numbers, those beyond two standard deviations drawn again (<c>tf.truncated_normal</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shape">The sizes: an array or a tensor.</param>
    /// <param name="mean">The mean, 0 if null.</param>
    /// <param name="stddev">The standard deviation, 1 if null.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="seed">The op's seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The scope's name.</param>
    public static Tensor TruncatedNormal(this Graph graph, Operand shape, Operand? mean = null, Operand? stddev = null, DType type = DType.Float32, long? seed = null, string? name = null)
    {
        using NameScope scope = graph.NameScope(name ?? "truncated_normal");
        Tensor sizes = shape.ToTensor(graph, DType.Int32, "shape");
        Tensor center = (mean ?? 0).ToTensor(graph, type, "mean"), deviation = (stddev ?? 1).ToTensor(graph, type, "stddev");
        Tensor noise = graph.Add(new TruncatedNormalOp(type, graph.TakeSeeds(seed)), [sizes]);
        return MathOps.Add(noise * deviation, center, scope.Name);
    }
}

internal sealed class TruncatedNormalOp(DType type, (long Seed, long Seed2) seeds) : RandomOp<TruncatedNormalFill>(type, seeds)
{
    public override string Type => "TruncatedNormal";
}

internal readonly unsafe struct TruncatedNormalFill : IRandomFill
{
    public static void Fill(in Philox random, ulong sample, float* y, long count, int threads) => RandomFill.TruncatedNormal(random, sample, y, count, threads);

    public static void Fill(in Philox random, ulong sample, double* y, long count, int threads) => RandomFill.TruncatedNormal(random, sample, y, count, threads);
}
