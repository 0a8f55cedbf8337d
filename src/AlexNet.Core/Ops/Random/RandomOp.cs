using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>
/// Ops that give random numbers: TensorFlow's own for the same graph seed and op seed. Each run of an op goes on where the
/// one before ended; an op without any seed gives other numbers in every session.
/// </summary>
public static partial class RandomOps;

/// <summary>Fills an array with random numbers of one kind, from a sample of the generator on.</summary>
internal unsafe interface IRandomFill
{
    static abstract void Fill(in Philox random, ulong sample, float* y, long count, int threads);

    static abstract void Fill(in Philox random, ulong sample, double* y, long count, int threads);
}

/// <summary>An op that fills a shape (input 0) with random floating-point numbers.</summary>
internal abstract class RandomOp<TFill>(DType type, (long Seed, long Seed2) seeds) : OpDef
    where TFill : struct, IRandomFill
{
    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.None("random numbers do not depend on the shape's values");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("dtype", type);
        attributes.Add("seed", seeds.Seed);
        attributes.Add("seed2", seeds.Seed2);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (!type.IsFloating()) throw inputs.Error($"random numbers are float32 or float64, not {type.Name()}");
        inputs.Require(0, [DType.Int32, DType.Int64]);
        return [new(type, inputs.ValueAsShape(0))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => new FillKernel(RandomGenerator.Of(seeds), type);

    private sealed unsafe class FillKernel(Philox random, DType type) : Kernel
    {
        public override void Run(KernelContext context)
        {
            long count = context.OutputInfo(0).Count;
            ulong sample = context.AdvanceRandom((ulong)count * RandomSeeds.SamplesPerOutput);
            if (type == DType.Float32) TFill.Fill(random, sample, (float*)context.OutputPointer(0), count, context.Threads);
            else TFill.Fill(random, sample, (double*)context.OutputPointer(0), count, context.Threads);
        }
    }
}

/// <summary>From an op's two seed attributes to its generator.</summary>
internal static class RandomGenerator
{
    /// <summary>The generator; for (0, 0), an op without seeds, one that nobody can foretell.</summary>
    public static Philox Of((long Seed, long Seed2) seeds)
    {
        (long seed, long seed2) = RandomSeeds.Chosen(seeds);
        return new Philox(seed, seed2);
    }
}
