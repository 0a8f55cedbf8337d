namespace AlexNetTF.Datasets;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014): a counter in steps of 2^64/φ through a mixing function. Whole-number arithmetic
/// alone, so the numbers are the same on every platform.
/// </summary>
internal struct SeededRandom
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong state;

    /// <summary>A series of its own for every combination of the three numbers.</summary>
    internal SeededRandom(long seed, long stream, long index = 0) =>
        state = Mix(Mix(Mix((ulong)seed + Step) ^ ((ulong)stream + Step)) ^ ((ulong)index + Step));

    /// <summary>The next 64 random bits.</summary>
    internal ulong Next() => Mix(state += Step);

    /// <summary>In [0, 1), by the upper 53 bits.</summary>
    internal double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [0, <paramref name="bound"/>), every number equally likely: the upper half of bits · bound, again where it would be biased (Lemire, 2019).</summary>
    internal int NextBelow(int bound)
    {
        ulong range = (ulong)bound, biased = (0 - range) % range;
        while (true)
        {
            ulong upper = Math.BigMul(Next(), range, out ulong lower);
            if (lower >= biased)
                return (int)upper;
        }
    }

    /// <summary>Puts values into a random order (Fisher and Yates).</summary>
    internal void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
