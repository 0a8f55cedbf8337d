using System.Collections;

namespace AlexNetTF;

/// <summary>
/// The shape of a tensor: a known number of dimensions, each of known or unknown (null) size, or nothing known at all
/// (<see cref="Unknown"/>). Immutable.
/// </summary>
public sealed class Shape : IEquatable<Shape>, IEnumerable<int?>
{
    private const int UnknownSize = -1;
    private readonly int[]? sizes;

    /// <summary>Creates a shape from its dimensions; null stands for a size that is not known yet.</summary>
    /// <exception cref="GraphException">A size is negative.</exception>
    public Shape(params int?[] dimensions)
        : this(Array.ConvertAll(dimensions, size => size ?? UnknownSize), checkedSizes: false)
    {
        foreach (int? size in dimensions)
        {
            if (size < 0) throw new GraphException($"A dimension has size {size}; sizes are 0 or more, null where unknown.");
        }
    }

    private Shape(int[]? sizes, bool checkedSizes)
    {
        _ = checkedSizes;
        this.sizes = sizes;
    }

    /// <summary>A shape of which not even the number of dimensions is known.</summary>
    public static Shape Unknown { get; } = new(null, true);

    /// <summary>The shape of a single value: no dimensions.</summary>
    public static Shape Scalar { get; } = new([], true);

    /// <summary>Whether the number of dimensions is known.</summary>
    public bool HasRank => sizes is not null;

    /// <summary>The number of dimensions.</summary>
    /// <exception cref="GraphException">It is not known.</exception>
    public int Rank => sizes?.Length ?? throw new GraphException("The number of dimensions of this shape is not known; ask HasRank first.");

    /// <summary>Whether every size is known.</summary>
    public bool IsFullyDefined => sizes is not null && Array.IndexOf(sizes, UnknownSize) < 0;

    /// <summary>The product of the sizes, or null where one is unknown.</summary>
    public long? ElementCount => IsFullyDefined ? CountOf(sizes!) : null;

    /// <summary>The size of one dimension, null where unknown.</summary>
    public int? this[int dimension] => sizes is null || sizes[dimension] == UnknownSize ? null : sizes[dimension];

    /// <summary>A shape of known sizes; −1 stands for an unknown one.</summary>
    public static Shape Of(ReadOnlySpan<int> sizes) => new(sizes.ToArray(), true);

    /// <summary>A shape with a known number of dimensions of unknown sizes.</summary>
    public static Shape OfRank(int rank)
    {
        var sizes = new int[rank];
        Array.Fill(sizes, UnknownSize);
        return new Shape(sizes, true);
    }

    /// <summary>The sizes of a fully defined shape.</summary>
    /// <exception cref="GraphException">A size is unknown.</exception>
    public int[] ToArray() => IsFullyDefined
        ? (int[])sizes!.Clone()
        : throw new GraphException($"The shape {this} has unknown sizes.");

    /// <summary>The sizes with −1 for unknown ones.</summary>
    /// <exception cref="GraphException">The number of dimensions is unknown.</exception>
    public int[] ToArrayOrMinusOne() => sizes is null
        ? throw new GraphException("The number of dimensions of this shape is not known.")
        : (int[])sizes.Clone();

    /// <summary>Whether a tensor could have both shapes: equal where both are known.</summary>
    public bool IsCompatibleWith(Shape other)
    {
        if (sizes is null || other.sizes is null) return true;
        if (sizes.Length != other.sizes.Length) return false;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] != other.sizes[i] && sizes[i] != UnknownSize && other.sizes[i] != UnknownSize) return false;
        }

        return true;
    }

    /// <summary>All that is known from both shapes, or null where they contradict each other.</summary>
    public Shape? MergeWith(Shape other)
    {
        if (!IsCompatibleWith(other)) return null;
        if (sizes is null) return other;
        if (other.sizes is null) return this;
        var merged = (int[])sizes.Clone();
        for (int i = 0; i < merged.Length; i++)
        {
            if (merged[i] == UnknownSize) merged[i] = other.sizes[i];
        }

        return new Shape(merged, true);
    }

    /// <summary>This shape with one dimension replaced.</summary>
    public Shape With(int dimension, int? size)
    {
        int[] copy = ToArrayOrMinusOne();
        copy[dimension] = size ?? UnknownSize;
        return new Shape(copy, true);
    }

    /// <summary>The dimensions from <paramref name="start"/> on, <paramref name="count"/> of them.</summary>
    public Shape Slice(int start, int count) => new(ToArrayOrMinusOne().AsSpan(start, count).ToArray(), true);

    /// <summary>The dimensions of this shape followed by those of the other; unknown where either is.</summary>
    public Shape Concat(Shape other) => sizes is null || other.sizes is null ? Unknown : new Shape([.. sizes, .. other.sizes], true);

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null
        && (sizes is null ? other.sizes is null : other.sizes is not null && sizes.AsSpan().SequenceEqual(other.sizes));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(sizes?.Length ?? -1);
        foreach (int size in sizes ?? []) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>The sizes in brackets, <c>?</c> for unknown ones: <c>[?,227,227,3]</c>; <c>?</c> where the rank is unknown.</summary>
    public override string ToString() => sizes is null
        ? "?"
        : $"[{string.Join(",", sizes.Select(size => size == UnknownSize ? "?" : size.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";

    /// <summary>The dimensions in order, null where unknown.</summary>
    public IEnumerator<int?> GetEnumerator() => (sizes ?? []).Select(size => size == UnknownSize ? (int?)null : size).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static long CountOf(ReadOnlySpan<int> sizes)
    {
        long count = 1;
        foreach (int size in sizes) count *= size;
        return count;
    }
}
