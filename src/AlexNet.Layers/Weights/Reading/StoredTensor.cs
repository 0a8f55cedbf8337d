namespace AlexNetTF.Weights;

/// <summary>Where a tensor's values lie and how each is stored.</summary>
internal sealed record StoredTensor(ByteRegion Region, ElementType Type, bool BigEndian = false);

/// <summary>Checks and text of shapes that a file states.</summary>
internal static class Shapes
{
    public const int MaximumRank = 32;

    /// <summary>The product of the dimensions; null where one is negative or the product leaves 63 bits.</summary>
    public static long? Count(ReadOnlySpan<long> shape)
    {
        UInt128 count = 1;
        bool empty = false;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return null;
            }

            empty |= dimension == 0;
            count *= (ulong)Math.Max(dimension, 1);
            if (count > long.MaxValue)
            {
                return null;
            }
        }

        return empty ? 0 : (long)count;
    }

    /// <summary>The product of the dimensions of a shape that a file states, checked.</summary>
    public static long Count(ReadOnlySpan<long> shape, WeightBytes file, long position, string what)
    {
        if (shape.Length > MaximumRank)
        {
            throw file.Error(position, $"{what} has rank {shape.Length:N0}; at most {MaximumRank} is read");
        }

        return Count(shape) ?? throw file.Error(
            position, $"{what} has the impossible shape {Text(shape)}: a negative dimension, or more elements than 2^63");
    }

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
