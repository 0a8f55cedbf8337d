using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>Shapes as files have them: 64-bit sizes, which may be wrong.</summary>
internal static class Shapes
{
    /// <summary>TensorFlow's own limit.</summary>
    public const int MaxRank = 254;

    /// <summary>The sizes of a known shape, or null where one is unknown or negative, or the element count does not fit 63 bits.</summary>
    public static long[]? KnownSizes(TensorShapeProto? shape)
    {
        if (shape is null) return [];
        if (shape.UnknownRank || shape.Dim.Count > MaxRank) return null;
        var sizes = new long[shape.Dim.Count];
        long product = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = shape.Dim[i].Size;
            if (sizes[i] < 0 || (sizes[i] > 1 && product > long.MaxValue / 16 / sizes[i])) return null;
            product *= Math.Max(sizes[i], 1);
        }

        return sizes;
    }

    /// <summary>The number of elements.</summary>
    public static long Count(ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes) count *= size;
        return count;
    }

    public static TensorShapeProto ToProto(ReadOnlySpan<long> sizes)
    {
        var shape = new TensorShapeProto();
        foreach (long size in sizes) shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = size });
        return shape;
    }

    public static string Text(ReadOnlySpan<long> sizes) => $"[{string.Join(",", sizes.ToArray())}]";
}
