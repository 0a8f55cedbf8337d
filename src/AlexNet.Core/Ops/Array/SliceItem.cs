namespace AlexNetTF;

/// <summary>
/// One item of an index: a number (the dimension goes), a range such as <c>1..^1</c>, a range with a step
/// (<see cref="Range(Operand?, Operand?, Operand?)"/>), <see cref="NewAxis"/> or <see cref="Ellipsis"/>.
/// </summary>
public readonly struct SliceItem
{
    internal Operand? Start { get; private init; }

    internal Operand? Stop { get; private init; }

    internal Operand? Step { get; private init; }

    internal SliceItemKind Kind { get; private init; }

    /// <summary>All dimensions that the other items leave; at most once.</summary>
    public static SliceItem Ellipsis => new() { Kind = SliceItemKind.Ellipsis };

    /// <summary>A new dimension of size 1.</summary>
    public static SliceItem NewAxis => new() { Kind = SliceItemKind.NewAxis };

    /// <summary>A whole dimension.</summary>
    public static SliceItem All => new();

    /// <summary>Indices start, start + step, … before stop, as Python's <c>start:stop:step</c>; null leaves a border out.</summary>
    public static SliceItem Range(Operand? start, Operand? stop, Operand? step = null) => new() { Start = start, Stop = stop, Step = step };

    /// <summary>One index that a scalar tensor holds.</summary>
    public static SliceItem At(Tensor index) => new() { Start = index, Stop = index + 1, Kind = SliceItemKind.Index };

    /// <summary>One index, negative from the end.</summary>
    public static implicit operator SliceItem(int index) => new() { Start = index, Stop = index + 1, Kind = SliceItemKind.Index };

    /// <summary>One index, counted from either side.</summary>
    public static implicit operator SliceItem(Index index) => index.IsFromEnd ? -index.Value : index.Value;

    /// <summary>Indices from one place up to another.</summary>
    public static implicit operator SliceItem(Range range) => Range(
        range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
        range.End is { IsFromEnd: true, Value: 0 } ? null : range.End.IsFromEnd ? -range.End.Value : range.End.Value);
}

/// <summary>What an item of an index is.</summary>
internal enum SliceItemKind
{
    Range,
    Index,
    NewAxis,
    Ellipsis,
}

public static partial class ArrayOps
{
    /// <summary>
    /// Python's <c>input[items]</c>: <c>GetItem(x, 0, 1..^1, SliceItem.NewAxis)</c> is <c>x[0, 1:-1, tf.newaxis]</c>. Makes op
    /// StridedSlice in a scope <c>strided_slice</c>.
    /// </summary>
    /// <exception cref="GraphException">There are more items than dimensions, or a single index lies outside.</exception>
    public static Tensor GetItem(Tensor input, params ReadOnlySpan<SliceItem> items)
    {
        var begin = new List<Operand>();
        var end = new List<Operand>();
        var strides = new List<Operand>();
        int beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkMask = 0;
        for (int i = 0; i < items.Length; i++)
        {
            SliceItem item = items[i];
            begin.Add(item.Start ?? 0);
            end.Add(item.Stop ?? 0);
            strides.Add(item.Step ?? 1);
            int bit = 1 << i;
            if (item.Kind == SliceItemKind.Ellipsis) ellipsisMask |= bit;
            if (item.Kind == SliceItemKind.NewAxis) newAxisMask |= bit;
            if (item.Kind == SliceItemKind.Index) shrinkMask |= bit;
            if (item.Kind == SliceItemKind.Range && item.Start is null) beginMask |= bit;
            if (item.Kind == SliceItemKind.Range && item.Stop is null) endMask |= bit;
        }

        using NameScope scope = input.Graph.NameScope("strided_slice");
        Tensor first = Stacked(input.Graph, begin), last = Stacked(input.Graph, end), steps = Stacked(input.Graph, strides);
        return StridedSlice(input, first, last, steps, beginMask, endMask, ellipsisMask, newAxisMask, shrinkMask, scope.Name);
    }

    private static Tensor Stacked(Graph graph, List<Operand> items) => Operand.List([.. items]).ToTensor(graph, null, "stack");
}
