namespace AlexNetTF.Kernels;

/// <summary>
/// Reduces where the innermost dimension is kept: rows are added up column by column. Wide rows are cut into strips, many
/// rows into parts of a fixed number, whose partial results are combined in order afterwards.
/// </summary>
internal readonly unsafe struct ColumnLoop<T, TPartial, TReduction>(ReductionPlan plan, T* x, T* y, TPartial* partials) : IBlock
    where T : unmanaged
    where TPartial : unmanaged
    where TReduction : struct, IReduction<TReduction, T, TPartial>
{
    private const int StripColumns = 1024;
    private const int PartElements = 1 << 18;
    private const int RowsAtOnce = 8;

    private int Strips => (plan.Inner + StripColumns - 1) / StripColumns;

    private long RowsPerPart => Math.Max(1, PartElements / Math.Clamp(plan.Inner, 1, StripColumns));

    private long Parts => Math.Max(1, (plan.Stretches + RowsPerPart - 1) / RowsPerPart);

    /// <summary>Room for the partial results of all parts.</summary>
    public long PartialBytes => plan.Results * Parts * sizeof(TPartial);

    public int Blocks => (int)(plan.Groups * Strips * Parts);

    public void Run(int block)
    {
        (long rest, long part) = Math.DivRem(block, Parts);
        (long group, long strip) = Math.DivRem(rest, Strips);
        int start = (int)strip * StripColumns, columns = Math.Min(StripColumns, plan.Inner - start);
        Span<TPartial> sums = PartialsOf(group, start, columns, part);
        sums.Fill(TReduction.Start);
        T* from = x + plan.GroupOffset(group) + start;
        long end = Math.Min(plan.Stretches, (part + 1) * RowsPerPart);
        T** rows = stackalloc T*[RowsAtOnce];
        for (long row = part * RowsPerPart; row < end; row += RowsAtOnce)
        {
            int count = (int)Math.Min(RowsAtOnce, end - row);
            for (int i = 0; i < count; i++) rows[i] = from + plan.StretchOffset(row + i);
            TReduction.Accumulate(sums, rows, count);
        }

        if (Parts == 1) Write(group, start, sums);
    }

    /// <summary>Combines the parts; to be called once all blocks have run.</summary>
    public void Finish()
    {
        if (Parts == 1) return;
        for (long group = 0; group < plan.Groups; group++)
        {
            for (int start = 0; start < plan.Inner; start += StripColumns)
            {
                int columns = Math.Min(StripColumns, plan.Inner - start);
                Span<TPartial> sums = PartialsOf(group, start, columns, 0);
                for (long part = 1; part < Parts; part++)
                {
                    Span<TPartial> next = PartialsOf(group, start, columns, part);
                    for (int c = 0; c < columns; c++) sums[c] = TReduction.Combine(sums[c], next[c]);
                }

                Write(group, start, sums);
            }
        }
    }

    private Span<TPartial> PartialsOf(long group, int start, int columns, long part) =>
        new(partials + (((group * Parts) + part) * plan.Inner) + start, columns);

    private void Write(long group, int start, ReadOnlySpan<TPartial> sums)
    {
        T* to = y + (group * plan.Inner) + start;
        for (int c = 0; c < sums.Length; c++) to[c] = TReduction.Finish(sums[c], plan.Reduced);
    }
}
