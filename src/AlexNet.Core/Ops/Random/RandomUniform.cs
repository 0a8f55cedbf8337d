using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class RandomOps
{
    /// <summary>Numbers from a range, its upper end excluded, all equally likely (<c>tf.random_uniform</c>).</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shape">The sizes: an array or a tensor.</param>
    /// <param name="minval">The lower end, 0 if null.</param>
    /// <param name="maxval">The upper end, 1 if null; integers must give it.</param>
    /// <param name="type">float32, float64, int32 or int64.</param>
    /// <param name="seed">The op's seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The scope's name.</param>
    /// <exception cref="GraphException">Integers without an upper end, or another type.</exception>
    public static Tensor RandomUniform(this Graph graph, Operand shape, Operand? minval = null, Operand? maxval = null, DType type = DType.Float32, long? seed = null, string? name = null)
    {
        if (maxval is null && type.IsInteger()) throw new GraphException("RandomUniform of integers needs the upper end of their range: pass maxval.");
        using NameScope scope = graph.NameScope(name ?? "random_uniform");
        Tensor sizes = shape.ToTensor(graph, DType.Int32, "shape");
        Tensor min = (minval ?? 0).ToTensor(graph, type, "min"), max = (maxval ?? 1).ToTensor(graph, type, "max");
        (long, long) seeds = graph.TakeSeeds(seed);
        if (type.IsInteger()) return graph.Add(new RandomUniformIntOp(seeds), [sizes, min, max], scope.Name);
        Tensor noise = graph.Add(new RandomUniformOp(type, seeds), [sizes]);
        return MathOps.Add(noise * (max - min), min, scope.Name);
    }
}

internal sealed class RandomUniformOp(DType type, (long Seed, long Seed2) seeds) : RandomOp<UniformFill>(type, seeds)
{
    public override string Type => "RandomUniform";
}

internal readonly unsafe struct UniformFill : IRandomFill
{
    public static void Fill(in Philox random, ulong sample, float* y, long count, int threads) => RandomFill.Uniform(random, sample, y, count, threads);

    public static void Fill(in Philox random, ulong sample, double* y, long count, int threads) => RandomFill.Uniform(random, sample, y, count, threads);
}
