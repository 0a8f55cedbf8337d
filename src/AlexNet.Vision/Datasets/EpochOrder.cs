namespace AlexNetTF.Datasets;

/// <summary>The order of the examples in an epoch.</summary>
internal sealed class EpochOrder
{
    // Apart from the streams of the augmentations, which are counted by epochs too.
    private const long Stream = 1L << 40;

    /// <summary>The numbers 0 to count − 1 in an order that seed and epoch alone decide, on every platform.</summary>
    internal static int[] Shuffle(int count, long seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SeededRandom(seed, Stream, epoch).Shuffle(order);
        return order;
    }
}
