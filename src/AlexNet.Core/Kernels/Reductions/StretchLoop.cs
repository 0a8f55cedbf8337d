namespace AlexNetTF.Kernels;

/// <summary>
/// Reduces where the innermost dimension is reduced. A result of many numbers is cut into pieces of a fixed length, whose
/// partial results are kept and combined in order afterwards; small results are handed out in groups.
/// </summary>
internal readonly unsafe struct StretchLoop<T, TPartial, TReduction>(ReductionPlan plan, T* x, T* y, TPartial* partials) : IBlock
    where T : unmanaged
    where TPartial : unmanaged
    where TReduction : struct, IReduction<TReduction, T, TPartial>
{
    private const int PieceElements = 1 << 15;

    private int PiecesPerStretch => Math.Max(1, (int)(((long)plan.Inner + PieceElements - 1) / PieceElements));

    private long PiecesPerResult => plan.Stretches * PiecesPerStretch;

    private bool InPieces => plan.Reduced > 2 * PieceElements;

    /// <summary>Results of a group where they are not cut.</summary>
    private long GroupSize => Math.Max(1, PieceElements / Math.Max(1, plan.Reduced));

    /// <summary>Room for partial results.</summary>
    public long PartialBytes => InPieces ? plan.Results * Chunks * sizeof(TPartial) : 0;

    // Short stretches are taken several to a chunk, so that a chunk is worth a worker's while.
    private long StretchesPerChunk => PiecesPerStretch > 1 ? 1 : Math.Max(1, PieceElements / Math.Max(1, plan.Inner));

    private long Chunks => PiecesPerStretch > 1 ? PiecesPerResult : (plan.Stretches + StretchesPerChunk - 1) / StretchesPerChunk;

    public int Blocks => (int)(InPieces ? plan.Results * Chunks : (plan.Results + GroupSize - 1) / GroupSize);

    public void Run(int block)
    {
        if (InPieces)
        {
            (long result, long chunk) = Math.DivRem(block, Chunks);
            partials[block] = Chunk(x + plan.GroupOffset(result), chunk);
            return;
        }

        long end = Math.Min(plan.Results, (block + 1) * GroupSize);
        for (long result = block * GroupSize; result < end; result++)
        {
            T* from = x + plan.GroupOffset(result);
            TPartial partial = TReduction.Start;
            for (long chunk = 0; chunk < Chunks; chunk++) partial = TReduction.Combine(partial, Chunk(from, chunk));
            y[result] = TReduction.Finish(partial, plan.Reduced);
        }
    }

    /// <summary>Combines the pieces; to be called once all blocks have run.</summary>
    public void Finish()
    {
        if (!InPieces) return;
        for (long result = 0; result < plan.Results; result++)
        {
            TPartial partial = TReduction.Start;
            for (long chunk = 0; chunk < Chunks; chunk++) partial = TReduction.Combine(partial, partials[(result * Chunks) + chunk]);
            y[result] = TReduction.Finish(partial, plan.Reduced);
        }
    }

    private TPartial Chunk(T* from, long chunk)
    {
        if (PiecesPerStretch > 1)
        {
            (long whole, long piece) = Math.DivRem(chunk, PiecesPerStretch);
            int start = (int)piece * PieceElements;
            return TReduction.Run(new ReadOnlySpan<T>(from + plan.StretchOffset(whole) + start, Math.Min(PieceElements, plan.Inner - start)));
        }

        TPartial partial = TReduction.Start;
        long end = Math.Min(plan.Stretches, (chunk + 1) * StretchesPerChunk);
        for (long stretch = chunk * StretchesPerChunk; stretch < end; stretch++)
        {
            partial = TReduction.Combine(partial, TReduction.Run(new ReadOnlySpan<T>(from + plan.StretchOffset(stretch), plan.Inner)));
        }

        return partial;
    }
}
