namespace AlexNetTF;

/// <summary>How a random op without a seed of its own gets one under a graph seed.</summary>
public enum SeedRule
{
    /// <summary>0, 1, 2 … over the graph's random ops without own seed: TensorFlow 2's rule. Other ops do not matter.</summary>
    Counter,

    /// <summary>The number of operations made before: TensorFlow 1's rule. The same numbers need the same nodes.</summary>
    LastOpId,
}

/// <content>Seeds of random ops.</content>
public sealed partial class Graph
{
    // TensorFlow's seed where an op has a seed and the graph has none.
    private const long DefaultGraphSeed = 87654321;
    private const long SeedModulus = int.MaxValue;
    private long? graphSeed;
    private long seededOps;

    /// <summary>How ops without own seed get one; set it before the ops are made.</summary>
    public SeedRule SeedRule { get; set; } = SeedRule.Counter;

    /// <summary>The graph's seed, or null.</summary>
    public long? RandomSeed => graphSeed;

    /// <summary>Sets the graph's seed, from which ops made afterwards derive theirs.</summary>
    public void SetRandomSeed(long? seed) => graphSeed = seed;

    /// <summary>
    /// The two seed attributes of a random op. (0, 0) means different numbers in every session.
    /// </summary>
    /// <param name="opSeed">The op's own seed, or null.</param>
    internal (long Seed, long Seed2) TakeSeeds(long? opSeed)
    {
        if (graphSeed is null && opSeed is null) return (0, 0);
        long first = Reduce(graphSeed ?? DefaultGraphSeed);
        long second = Reduce(opSeed ?? (SeedRule == SeedRule.Counter ? seededOps++ : operations.Count));
        return (first, first == 0 && second == 0 ? SeedModulus : second);
    }

    // Python's modulus: never negative.
    private static long Reduce(long seed) => ((seed % SeedModulus) + SeedModulus) % SeedModulus;
}
