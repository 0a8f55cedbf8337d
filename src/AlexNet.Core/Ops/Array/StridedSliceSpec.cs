using System.Numerics;
using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>The masks of a strided slice; bit i speaks of item i of begin, end and strides.</summary>
/// <param name="Begin">The item begins at the start of its dimension.</param>
/// <param name="End">The item ends at the end of its dimension.</param>
/// <param name="Ellipsis">The item stands for as many whole dimensions as are left; one at most.</param>
/// <param name="NewAxis">The item adds a dimension of size 1.</param>
/// <param name="ShrinkAxis">The item is one index, whose dimension goes.</param>
internal readonly record struct SliceMasks(int Begin, int End, int Ellipsis, int NewAxis, int ShrinkAxis)
{
    public void Describe(AttributeMap attributes)
    {
        attributes.Add("begin_mask", Begin);
        attributes.Add("ellipsis_mask", Ellipsis);
        attributes.Add("end_mask", End);
        attributes.Add("new_axis_mask", NewAxis);
        attributes.Add("shrink_axis_mask", ShrinkAxis);
    }
}

/// <summary>
/// A strided slice worked out for a shape. Each dimension of the tensor has one item; the result's dimensions are those
/// that no index shrinks, with new ones of size 1 between them.
/// </summary>
internal sealed class StridedSliceSpec
{
    private readonly Shape shape;
    private readonly List<Item> items = [];

    // A dimension of the tensor, or −1 for a new one, per dimension of the result.
    private readonly List<int> kept = [];

    /// <param name="error">Makes the error of a broken rule.</param>
    /// <param name="shape">The tensor's shape; its rank is known.</param>
    /// <param name="count">The number of items.</param>
    /// <param name="begin">Null where not known, as the next two.</param>
    /// <param name="end">Behind the last index.</param>
    /// <param name="strides">The steps.</param>
    /// <param name="masks">The masks.</param>
    public StridedSliceSpec(Func<string, Exception> error, Shape shape, int count, long[]? begin, long[]? end, long[]? strides, SliceMasks masks)
    {
        this.shape = shape;
        if (BitOperations.PopCount((uint)masks.Ellipsis) > 1) throw error("only one item may be an ellipsis");
        Expand(error, count, begin, end, strides, masks);
        Ranges = [.. items.Select((item, i) => item.Resolve(error, i, shape[i]))];
    }

    /// <summary>Per dimension of the tensor the first index, the step, and how many there are (null where unknown).</summary>
    public IReadOnlyList<StridedRange> Ranges { get; }

    /// <summary>The result's shape.</summary>
    public Shape Result => new([.. kept.Select(dimension => dimension < 0 ? 1 : Ranges[dimension].Count)]);

    /// <summary>The slice as a box between a tensor of the given sizes and a result without gaps.</summary>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="scatter">Whether the box goes from the result to the tensor.</param>
    /// <param name="offset">The box's first element in the tensor.</param>
    public StridedCopy Box(int elementSize, bool scatter, out long offset)
    {
        long[] whole = StridedCopy.RowMajor(shape.ToArray());
        int[] counts = [.. Ranges.Select(range => range.Count!.Value)];
        long[] steps = [.. Ranges.Select((range, i) => range.Step * whole[i])], plain = StridedCopy.RowMajor(counts);
        offset = counts.Contains(0) ? 0 : Ranges.Select((range, i) => range.First * whole[i]).Sum();
        return scatter ? new(elementSize, counts, plain, steps) : new(elementSize, counts, steps, plain);
    }

    // One item per dimension: an ellipsis, written or implied at the end, becomes whole dimensions.
    private void Expand(Func<string, Exception> error, int count, long[]? begin, long[]? end, long[]? strides, SliceMasks masks)
    {
        bool implied = masks.Ellipsis == 0;
        for (int i = 0; i < count + (implied ? 1 : 0); i++)
        {
            if (i == count || Bit(masks.Ellipsis, i))
            {
                int later = Enumerable.Range(i + 1, Math.Max(0, count - i - 1)).Count(j => !Bit(masks.NewAxis, j));
                while (items.Count < shape.Rank - later) Keep(Item.Whole);
            }
            else if (Bit(masks.NewAxis, i))
            {
                kept.Add(-1);
            }
            else
            {
                if (items.Count >= shape.Rank) throw error($"there are more indices than the {shape.Rank} dimensions of shape {shape}");
                var item = new Item(begin?[i], end?[i], strides?[i], Bit(masks.Begin, i), Bit(masks.End, i), Bit(masks.ShrinkAxis, i));
                if (item.Shrink) items.Add(item);
                else Keep(item);
            }
        }
    }

    private void Keep(Item item)
    {
        kept.Add(items.Count);
        items.Add(item);
    }

    private static bool Bit(int mask, int index) => (mask >> index & 1) != 0;

    private readonly record struct Item(long? Begin, long? End, long? Stride, bool FromStart, bool ToEnd, bool Shrink)
    {
        public static Item Whole => new(0, 0, 1, true, true, false);

        public StridedRange Resolve(Func<string, Exception> error, int dimension, int? size)
        {
            if (Stride == 0) throw error($"the step of dimension {dimension} must not be 0");
            if (Shrink) return Index(error, dimension, size);
            if (size is not { } length || Stride is not { } stride) return default;
            if ((Begin is null && !FromStart) || (End is null && !ToEnd)) return default;

            // Indices run over [0, length) with a positive step, over (-1, length - 1] with a negative one.
            long low = stride > 0 ? 0 : -1, high = stride > 0 ? length : length - 1;
            long first = FromStart ? (stride > 0 ? low : high) : Clamp(Begin!.Value, length, low, high);
            long last = ToEnd ? (stride > 0 ? high : low) : Clamp(End!.Value, length, low, high);
            long interval = last - first;
            if (interval == 0 || interval < 0 != stride < 0) return new(0, stride, 0);
            return new(first, stride, (int)((interval / stride) + (interval % stride != 0 ? 1 : 0)));
        }

        private static long Clamp(long index, long length, long low, long high) => Math.Clamp(index < 0 ? index + length : index, low, high);

        private StridedRange Index(Func<string, Exception> error, int dimension, int? size)
        {
            if (Stride < 0) throw error($"a single index has no step but 1; dimension {dimension} has {Stride}");
            if (size is not { } length || Begin is not { } index) return new(0, 1, 1);
            long place = index < 0 ? index + length : index;
            return place >= 0 && place < length
                ? new(place, 1, 1)
                : throw error($"index {index} lies outside dimension {dimension} of {length} elements");
        }
    }
}

/// <summary>Indices First, First + Step, …; Count is null where unknown.</summary>
internal readonly record struct StridedRange(long First, long Step, int? Count);
