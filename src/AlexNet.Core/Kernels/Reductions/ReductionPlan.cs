namespace AlexNetTF.Kernels;

/// <summary>
/// How a tensor is walked to reduce some of its dimensions. Dimensions of size 1 are left out and neighbours of one kind are
/// merged, so that kept and reduced ones alternate. If the innermost is reduced, a result comes from stretches of numbers
/// that lie one after the other; if it is kept, from rows whose columns are reduced each for itself. The walk and its order
/// depend on sizes only, never on threads, and for one result never on how many others there are beside it.
/// </summary>
internal sealed class ReductionPlan
{
    private readonly List<int> keptSizes = [];
    private readonly List<long> keptStrides = [];
    private readonly List<int> reducedSizes = [];
    private readonly List<long> reducedStrides = [];

    /// <param name="dims">The tensor's sizes.</param>
    /// <param name="axes">The reduced dimensions, from 0, each once.</param>
    public ReductionPlan(ReadOnlySpan<int> dims, ReadOnlySpan<int> axes)
    {
        Results = 1;
        Reduced = 1;
        for (int d = 0; d < dims.Length; d++)
        {
            if (axes.Contains(d)) Reduced *= dims[d];
            else Results *= dims[d];
        }

        var (sizes, kinds) = Merge(dims, axes);
        Inner = sizes.Count == 0 ? 1 : sizes[^1];
        InnerIsReduced = sizes.Count == 0 || kinds[^1];
        long stride = Inner;
        for (int i = sizes.Count - 2; i >= 0; i--)
        {
            (List<int> size, List<long> strides) = kinds[i] ? (reducedSizes, reducedStrides) : (keptSizes, keptStrides);
            size.Insert(0, sizes[i]);
            strides.Insert(0, stride);
            stride *= sizes[i];
        }
    }

    /// <summary>The number of results.</summary>
    public long Results { get; }

    /// <summary>How many numbers become one result.</summary>
    public long Reduced { get; }

    /// <summary>The length of the innermost dimension.</summary>
    public int Inner { get; }

    /// <summary>Whether the innermost dimension is reduced.</summary>
    public bool InnerIsReduced { get; }

    /// <summary>How many stretches (or rows) make up a result (or a row of results).</summary>
    public long Stretches => InnerIsReduced ? Reduced / Math.Max(1, Inner) : Reduced;

    /// <summary>The number of results, or of rows of results.</summary>
    public long Groups => InnerIsReduced ? Results : Results / Math.Max(1, Inner);

    /// <summary>Where a result's (or a row's) first number lies.</summary>
    public long GroupOffset(long group) => Offset(keptSizes, keptStrides, group);

    /// <summary>Where a stretch lies after its group's first number.</summary>
    public long StretchOffset(long stretch) => Offset(reducedSizes, reducedStrides, stretch);

    private static long Offset(List<int> sizes, List<long> strides, long index)
    {
        long offset = 0;
        for (int d = sizes.Count - 1; d > 0 && index > 0; d--)
        {
            offset += index % sizes[d] * strides[d];
            index /= sizes[d];
        }

        return sizes.Count == 0 ? 0 : offset + (index * strides[0]);
    }

    private static (List<int> Sizes, List<bool> Kinds) Merge(ReadOnlySpan<int> dims, ReadOnlySpan<int> axes)
    {
        var sizes = new List<int>();
        var kinds = new List<bool>();
        for (int d = 0; d < dims.Length; d++)
        {
            if (dims[d] == 1) continue;
            bool reduced = axes.Contains(d);
            if (kinds.Count > 0 && kinds[^1] == reduced)
            {
                sizes[^1] *= dims[d];
            }
            else
            {
                sizes.Add(dims[d]);
                kinds.Add(reduced);
            }
        }

        return (sizes, kinds);
    }
}
