using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class RandomOps
{
    /// <summary>Normally distributed numbers (<c>tf.random_normal</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shape">The sizes: an array or a tensor.</param>
    /// <param name="mean">The mean, 0 if null.</param>
    /// <param name="stddev">The standard deviation, 1 if null.</param>
    /// <param name="type">float32 or float64.</param>
    /// <param name="seed">The op's seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The scope's name.</param>
    public static Tensor RandomNormal(this Graph graph, Operand shape, Operand? mean = null, Operand? stddev = null, DType type = DType.Float32, long? seed = null, string? name = null)
    {
        using NameScope scope = graph.NameScope(name ?? "random_normal");
        Tensor sizes = shape.ToTensor(graph, DType.Int32, "shape");
        Tensor center = (mean ?? 0).ToTensor(graph, type, "mean"), deviation = (stddev ?? 1).ToTensor(graph, type, "stddev");
        Tensor noise = graph.Add(new RandomStandardNormalOp(type, graph.TakeSeeds(seed)), [sizes]);
        return MathOps.Add(noise * deviation, center, scope.Name);
    }
}

internal sealed class RandomStandardNormalOp(DType type, (long Seed, long Seed2) seeds) : RandomOp<NormalFill>(type, seeds)
{
    public override string Type => "RandomStandardNormal";
}

internal readonly unsafe struct NormalFill : IRandomFill
{
    public static void Fill(in Philox random, ulong sample, float* y, long count, int threads) => RandomFill.Normal(random, sample, y, count, threads);

    public static void Fill(in Philox random, ulong sample, double* y, long count, int threads) => RandomFill.Normal(random, sample, y, count, threads);
}
