namespace AlexNetTF.Kernels;

/// <summary>
/// Moves a box of elements between two layouts: element (i₀, i₁, …) goes from source[Σ iₖ·sₖ] to target[Σ iₖ·tₖ]. A source
/// stride of 0 repeats an element, a negative stride runs backwards. Slices, concatenation, transposition, tiling and
/// padding are all such boxes. Knows element sizes only, no types; source and target must not overlap.
/// </summary>
internal sealed partial class StridedCopy
{
    /// <summary>Work is cut into blocks of about this many bytes.</summary>
    private const int BlockBytes = 1 << 17;

    // Dimensions after simplification, the moved one or two taken off; strides in bytes.
    private readonly int[] dims;
    private readonly long[] sourceStrides;
    private readonly long[] targetStrides;
    private readonly Form form;

    // The dimension along which one unit can be cut: bytes of a run, elements of a row, the longer side of a transposition.
    private readonly long length;
    private readonly long pieceLength;
    private readonly int pieces;
    private readonly int elementSize;
    private readonly long sourceStep;
    private readonly long targetStep;

    // A transposition's sides: columns lie together in the target, rows in the source.
    private readonly long columns;
    private readonly long rows;
    private readonly long rowTarget;
    private readonly long units;
    private readonly long unitsPerBlock;

    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="dims">The box's sizes; one of 0 makes the copy empty.</param>
    /// <param name="sourceStrides">Elements between neighbours in the source, per dimension.</param>
    /// <param name="targetStrides">Elements between neighbours in the target, per dimension.</param>
    public StridedCopy(int elementSize, ReadOnlySpan<int> dims, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> targetStrides)
    {
        List<Axis> axes = Simplify(elementSize, dims, sourceStrides, targetStrides);
        Count = Product(dims);
        Bytes = Count * elementSize;
        IsPlain = axes.Count == 0 || (axes.Count == 1 && axes[0].IsRun(elementSize));
        this.elementSize = elementSize;
        form = Form.Run;
        length = elementSize;
        if (axes.Count > 0 && axes[^1].IsRun(elementSize))
        {
            length = axes[^1].Size * elementSize;
            axes.RemoveAt(axes.Count - 1);
        }

        if (axes.Count > 0 && length is 1 or 2 or 4 or 8 or 16 or 32)
        {
            this.elementSize = (int)length;
            (form, length, sourceStep, targetStep) = (Form.Row, axes[^1].Size, axes[^1].Source, axes[^1].Target);
            axes.RemoveAt(axes.Count - 1);
            int other = axes.FindIndex(axis => axis.Source == this.elementSize);
            if (other >= 0 && targetStep == this.elementSize && sourceStep != 0 && length > 1)
            {
                (form, columns, rows, rowTarget) = (Form.Transposition, length, axes[other].Size, axes[other].Target);
                length = Math.Max(columns, rows);
                axes.RemoveAt(other);
            }
        }

        this.dims = [.. axes.Select(axis => checked((int)axis.Size))];
        this.sourceStrides = [.. axes.Select(axis => axis.Source)];
        this.targetStrides = [.. axes.Select(axis => axis.Target)];
        units = Count == 0 ? 0 : Product(this.dims);
        long unitBytes = units == 0 ? 0 : Bytes / units;
        pieces = unitBytes > 2 * BlockBytes ? checked((int)((unitBytes + BlockBytes - 1) / BlockBytes)) : 1;
        pieceLength = Math.Max(64, (((length + pieces - 1) / pieces) + 63) / 64 * 64);
        pieces = (int)Math.Max(1, (length + pieceLength - 1) / pieceLength);
        unitsPerBlock = pieces > 1 ? 1 : Math.Max(1, BlockBytes / Math.Max(unitBytes, 1));
    }

    private enum Form
    {
        /// <summary>A unit is one run of bytes that lie together on both sides.</summary>
        Run,

        /// <summary>A unit is one row of elements with a step on at least one side.</summary>
        Row,

        /// <summary>A unit is a matrix whose rows lie together in the source and whose columns do in the target.</summary>
        Transposition,
    }

    /// <summary>The number of elements moved.</summary>
    public long Count { get; }

    /// <summary>The number of bytes moved.</summary>
    public long Bytes { get; }

    /// <summary>Whether source and target have one layout without gaps, so that nothing would change.</summary>
    public bool IsPlain { get; }

    /// <summary>Row-major strides of a shape.</summary>
    public static long[] RowMajor(ReadOnlySpan<int> dims)
    {
        var strides = new long[dims.Length];
        long step = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }

        return strides;
    }

    private static long Product(ReadOnlySpan<int> dims)
    {
        long product = 1;
        foreach (int size in dims) product *= size;
        return product;
    }

    // Dimensions of size 1 go, neighbours that are one dimension in both layouts become one.
    private static List<Axis> Simplify(int elementSize, ReadOnlySpan<int> dims, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> targetStrides)
    {
        var axes = new List<Axis>();
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 1) continue;
            var axis = new Axis(dims[i], sourceStrides[i] * elementSize, targetStrides[i] * elementSize);
            if (axes.Count > 0 && axes[^1].Source == axis.Source * axis.Size && axes[^1].Target == axis.Target * axis.Size)
            {
                axes[^1] = axis with { Size = axis.Size * axes[^1].Size };
            }
            else
            {
                axes.Add(axis);
            }
        }

        return axes;
    }

    private readonly record struct Axis(long Size, long Source, long Target)
    {
        public bool IsRun(int elementSize) => Source == elementSize && Target == elementSize;
    }
}
