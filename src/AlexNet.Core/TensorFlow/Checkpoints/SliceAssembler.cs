using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>One slice of a partitioned variable: where it starts in each dimension, and how far it goes.</summary>
internal readonly record struct SliceRange(long[] Start, long[] Length)
{
    public long Count => Shapes.Count(Length);

    /// <summary>The range within a shape, or null where it leaves the shape.</summary>
    public static SliceRange? Of(TensorSliceProto slice, ReadOnlySpan<long> shape)
    {
        if (slice.Extent.Count != shape.Length) return null;
        var range = new SliceRange(new long[shape.Length], shape.ToArray());
        for (int i = 0; i < shape.Length; i++)
        {
            TensorSliceProto.Types.Extent extent = slice.Extent[i];
            if (!extent.HasLength) continue;
            if (extent.Start < 0 || extent.Length < 0 || extent.Start > shape[i] || extent.Length > shape[i] - extent.Start) return null;
            range.Start[i] = extent.Start;
            range.Length[i] = extent.Length;
        }

        return range;
    }

    public bool Overlaps(SliceRange other)
    {
        for (int i = 0; i < Start.Length; i++)
        {
            if (Start[i] >= other.Start[i] + other.Length[i] || other.Start[i] >= Start[i] + Length[i]) return false;
        }

        return Count > 0 && other.Count > 0;
    }

    public override string ToString() => $"[{string.Join(", ", Start.Zip(Length, (start, length) => $"{start}..{start + length}"))}]";
}

/// <summary>Puts slices in their places within the whole.</summary>
internal static unsafe class SliceAssembler
{
    private const int MaxSlices = 10_000;

    /// <summary>The slices' ranges, which are checked to cover the whole shape once.</summary>
    /// <exception cref="FileFormatException">A slice leaves the shape, two overlap, or something is not covered.</exception>
    public static SliceRange[] Ranges(CheckpointEntry entry, string path)
    {
        if (entry.Proto.Slices.Count > MaxSlices) throw new FileFormatException(path, $"\"{entry.Name}\" has {entry.Proto.Slices.Count} slices; at most {MaxSlices} are read.");
        var ranges = new SliceRange[entry.Proto.Slices.Count];
        long covered = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = SliceRange.Of(entry.Proto.Slices[i], entry.Dimensions)
                ?? throw new FileFormatException(path, $"slice {i} of \"{entry.Name}\" leaves the shape {Shapes.Text(entry.Dimensions)}.");
            for (int j = 0; j < i; j++)
            {
                if (ranges[i].Overlaps(ranges[j])) throw new FileFormatException(path, $"slices {ranges[j]} and {ranges[i]} of \"{entry.Name}\" overlap.");
            }

            covered += ranges[i].Count;
        }

        // Slices that do not overlap cover everything exactly where their sizes add up.
        if (covered != entry.Count) throw new FileFormatException(path, $"the slices of \"{entry.Name}\" hold {covered} elements of {Shapes.Text(entry.Dimensions)}, which has {entry.Count}.");
        return ranges;
    }

    /// <summary>Whether the slice is one run of bytes in the whole: only the first dimension is cut.</summary>
    public static bool IsContiguous(SliceRange range, ReadOnlySpan<long> shape) =>
        range.Length.AsSpan().IsEmpty || range.Length.AsSpan(1).SequenceEqual(shape[1..]);

    /// <summary>Where the slice's first element lies in the whole, in elements.</summary>
    public static long Offset(SliceRange range, ReadOnlySpan<long> shape)
    {
        long offset = 0;
        for (int i = 0; i < shape.Length; i++) offset = (offset * shape[i]) + range.Start[i];
        return offset;
    }

    /// <summary>Copies a slice into the whole, one run along the last dimension at a time.</summary>
    public static void Place(SliceRange range, ReadOnlySpan<long> shape, byte* slice, byte* whole, int elementSize)
    {
        long run = range.Length[^1];
        if (range.Count == 0) return;
        var position = (long[])range.Start.Clone();
        for (long done = 0; done < range.Count; done += run)
        {
            long at = Offset(range with { Start = position }, shape);
            Buffer.MemoryCopy(slice + (done * elementSize), whole + (at * elementSize), run * elementSize, run * elementSize);
            for (int i = shape.Length - 2; i >= 0 && ++position[i] == range.Start[i] + range.Length[i]; i--) position[i] = range.Start[i];
        }
    }
}
