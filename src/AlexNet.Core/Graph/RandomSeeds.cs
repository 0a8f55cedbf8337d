namespace AlexNetTF;

/// <summary>What every engine must agree on for random ops to draw TensorFlow's numbers.</summary>
internal static class RandomSeeds
{
    /// <summary>Samples of Philox by which an op advances for each output, whatever it used.</summary>
    public const int SamplesPerOutput = 256;

    /// <summary>An op's two seed attributes; for (0, 0), an op without seeds, two that nobody can foretell.</summary>
    public static (long Seed, long Seed2) Chosen((long Seed, long Seed2) seeds) => seeds == (0, 0)
        ? (Random.Shared.NextInt64(long.MinValue, long.MaxValue), Random.Shared.NextInt64(long.MinValue, long.MaxValue))
        : seeds;
}
