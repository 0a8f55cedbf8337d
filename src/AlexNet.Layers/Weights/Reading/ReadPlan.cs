namespace AlexNetTF.Weights;

/// <summary>One axis of a copy: how many steps, and how far a step goes in the stored and in the wanted elements.</summary>
internal readonly record struct CopyAxis(long Extent, long Source, long Destination);

/// <summary>One block of a copy: where it begins, how many stored elements it spans, and its axes.</summary>
internal readonly record struct CopyBlock(long Source, long Destination, long Span, CopyAxis[] Axes);

/// <summary>
/// Cuts the copy of a tensor into blocks whose stored elements lie within a buffer's length of each other, in the
/// order in which the file holds them: each byte is read about once, and mostly in large runs.
/// </summary>
internal sealed class ReadPlan
{
    private readonly CopyAxis[] _axes;
    private readonly int _cut;
    private readonly long _step;
    private readonly long _start;

    public ReadPlan(TensorLayout layout, long bufferElements)
    {
        _start = layout.Start;
        _axes = Simplify(layout);
        _cut = Enumerable.Range(0, _axes.Length).First(s => Span(_axes.AsSpan(s + 1)) <= bufferElements);
        long room = bufferElements - Span(_axes.AsSpan(_cut + 1));
        _step = Step(_axes[_cut], room);
        Blocks = CeilingDivide(_axes[_cut].Extent, _step);
        foreach (CopyAxis axis in _axes.AsSpan(0, _cut))
        {
            Blocks *= axis.Extent;
        }
    }

    public long Blocks { get; }

    /// <summary>Whether stored and wanted order are the same.</summary>
    public bool IsStraight => _axes is [{ Source: 1, Destination: 1 }];

    /// <summary>Block <paramref name="index"/>; blocks follow each other in the file.</summary>
    public CopyBlock Block(long index)
    {
        (long rest, long piece) = Math.DivRem(index, CeilingDivide(_axes[_cut].Extent, _step));
        long source = _start, destination = 0;
        for (int k = _cut - 1; k >= 0; k--)
        {
            (rest, long i) = Math.DivRem(rest, _axes[k].Extent);
            source += i * _axes[k].Source;
            destination += i * _axes[k].Destination;
        }

        CopyAxis cut = _axes[_cut];
        long first = piece * _step;
        CopyAxis[] axes = [cut with { Extent = Math.Min(_step, cut.Extent - first) }, .. _axes.AsSpan(_cut + 1)];
        return new CopyBlock(source + (first * cut.Source), destination + (first * cut.Destination), Span(axes), axes);
    }

    /// <summary>Stored elements from the first to the last of the axes, both included.</summary>
    private static long Span(ReadOnlySpan<CopyAxis> axes)
    {
        long span = 1;
        foreach (CopyAxis axis in axes)
        {
            span += (axis.Extent - 1) * axis.Source;
        }

        return span;
    }

    /// <summary>As many steps as fit; whole cache lines of the destination where the axis is contiguous there.</summary>
    private static long Step(CopyAxis axis, long room)
    {
        long step = Math.Clamp((room / Math.Max(axis.Source, 1)) + 1, 1, axis.Extent);
        return step >= 16 && step < axis.Extent ? step & ~15L : step;
    }

    /// <summary>Axes in the file's order, longest steps first; neighbours that continue each other become one.</summary>
    private static CopyAxis[] Simplify(TensorLayout layout)
    {
        var axes = new List<CopyAxis>();
        long destination = 1;
        for (int k = layout.Extents.Length - 1; k >= 0; k--)
        {
            if (layout.Extents[k] != 1)
            {
                axes.Add(new CopyAxis(layout.Extents[k], layout.Strides[k], destination));
            }

            destination *= layout.Extents[k];
        }

        axes.Sort((a, b) => b.Source.CompareTo(a.Source));
        for (int k = axes.Count - 2; k >= 0; k--)
        {
            (CopyAxis outer, CopyAxis inner) = (axes[k], axes[k + 1]);
            if (outer.Source == inner.Extent * inner.Source && outer.Destination == inner.Extent * inner.Destination)
            {
                axes[k] = new CopyAxis(outer.Extent * inner.Extent, inner.Source, inner.Destination);
                axes.RemoveAt(k + 1);
            }
        }

        return axes.Count == 0 ? [new CopyAxis(1, 1, 1)] : [.. axes];
    }

    private static long CeilingDivide(long a, long b) => (a + b - 1) / b;
}
