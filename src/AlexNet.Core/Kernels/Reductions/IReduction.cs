namespace AlexNetTF.Kernels;

/// <summary>
/// How many numbers become one, as a type argument. Runs and rows must give the same bits each
/// for the same numbers whatever the hardware, but need not agree with each other.
/// </summary>
internal unsafe interface IReduction<TSelf, T, TPartial>
    where TSelf : struct, IReduction<TSelf, T, TPartial>
    where T : unmanaged
{
    /// <summary>The result of no numbers.</summary>
    static abstract TPartial Start { get; }

    /// <summary>A stretch of numbers that lie one after the other.</summary>
    static abstract TPartial Run(ReadOnlySpan<T> x);

    /// <summary>Two parts, the earlier one first.</summary>
    static abstract TPartial Combine(TPartial first, TPartial second);

    /// <summary>Takes one more row into the partial results of its columns.</summary>
    static abstract void Accumulate(Span<TPartial> partial, ReadOnlySpan<T> row);

    /// <summary>Takes several rows one after the other; a reduction may hold a column's partial result in a register meanwhile.</summary>
    static virtual void Accumulate(Span<TPartial> partial, T** rows, int count)
    {
        for (int i = 0; i < count; i++) TSelf.Accumulate(partial, new ReadOnlySpan<T>(rows[i], partial.Length));
    }

    /// <summary>The result for this many numbers.</summary>
    static abstract T Finish(TPartial partial, long count);
}
