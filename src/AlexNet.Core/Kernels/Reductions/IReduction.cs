namespace AlexNetTF.Kernels;

/// <summary>
/// How many numbers become one, as a type argument. <see cref="Run"/> and <see cref="Accumulate"/> must give the same bits
/// for the same numbers whatever the hardware, but need not agree with each other.
/// </summary>
internal interface IReduction<T, TPartial>
{
    /// <summary>The result of no numbers.</summary>
    static abstract TPartial Start { get; }

    /// <summary>A stretch of numbers that lie one after the other.</summary>
    static abstract TPartial Run(ReadOnlySpan<T> x);

    /// <summary>Two parts, the earlier one first.</summary>
    static abstract TPartial Combine(TPartial first, TPartial second);

    /// <summary>Takes one more row into the partial results of its columns.</summary>
    static abstract void Accumulate(Span<TPartial> partial, ReadOnlySpan<T> row);

    /// <summary>The result for this many numbers.</summary>
    static abstract T Finish(TPartial partial, long count);
}
