using FsCheck;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace AlexNetTF.Tests.Ops;

/// <summary>Strided slices against Python's rule, worked out one dimension at a time.</summary>
public class StridedSliceTests
{
    [Property(MaxTest = 400)]
    public void AllMasks(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, [.. twin.Dims(1, 4, 6).Select(size => Math.Max(1, size))]);
        var items = Items.Of(twin.Random, x.Dims);
        Tensor y = items.Apply(twin, twin.Feed(x));

        twin.Expect(y, items.Naive(x));
    }

    [Property(MaxTest = 200)]
    public void GradientPutsValuesBack(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = true };
        Nd x = Nd.Random(twin.Random, [.. twin.Dims(1, 4, 6).Select(size => Math.Max(1, size))]);
        var items = Items.Of(twin.Random, x.Dims);
        Tensor y = items.Apply(twin, twin.Feed(x));
        Nd places = items.Naive(Nd.Make(x.Dims, index => index.Select((i, d) => i * x.Dims[(d + 1)..].Aggregate(1, (p, s) => p * s)).Sum()));
        Nd dy = Nd.Random(twin.Random, places.Dims);
        var expected = new long[x.Values.Length];
        for (int i = 0; i < dy.Values.Length; i++) expected[places.Values[i]] = dy.Values[i];

        IReadOnlyList<Tensor?> gradients = y.Op.Def.Gradient.Function!(y.Op, [twin.Feed(dy)]);

        Assert.That(gradients.Skip(1), Is.All.Null);
        twin.Expect(gradients[0]!, new Nd(x.Dims, expected));
    }

    [Test]
    public void ItemsAsInPython()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(4, 5, 6, 7), "x");

        Tensor y = ArrayOps.GetItem(x, 1, ^1, SliceItem.NewAxis, SliceItem.Range(null, null, -2), 2..^1);

        Assert.That(y.Shape, Is.EqualTo(new Shape(1, 3, 4)));
        Assert.That(ArrayOps.GetItem(x, SliceItem.Ellipsis, 0).Shape, Is.EqualTo(new Shape(4, 5, 6)));
        Assert.That(ArrayOps.GetItem(x, .., 2..).Shape, Is.EqualTo(new Shape(4, 3, 6, 7)));
        Assert.That(graph.Operations.Take(6).Select(op => op.Name), Is.EqualTo(new[] { "x", "strided_slice/stack", "strided_slice/stack_1", "strided_slice/stack_2", "strided_slice", "strided_slice_1/stack" }));
        AttributeMap attributes = y.Op.GetAttributes();
        Assert.That(new[] { "begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask" }.Select(name => attributes[name]), Is.EqualTo(new object[] { 8L, 8L, 0L, 4L, 3L }));
    }

    [Test]
    public void UnknownSizesStayUnknownButForSingleIndices()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 5), "x");

        Assert.That(ArrayOps.GetItem(x, 3, 1..).Shape, Is.EqualTo(new Shape(4)));
        Assert.That(ArrayOps.GetItem(x, 1.., ..).Shape, Is.EqualTo(new Shape(null, 5)));
        Assert.That(ArrayOps.GetItem(graph.Placeholder(DType.Float32), 1).Shape, Is.EqualTo(Shape.Unknown));
    }

    [TestCase("too many", 0, 1, 2)]
    [TestCase("outside", 4, 1)]
    [TestCase("outside", -5, 1)]
    public void BrokenIndices(string _, params int[] indices)
    {
        Tensor x = new Graph().Placeholder(DType.Float32, new Shape(4, 5), "x");
        Assert.Throws<GraphException>(() => ArrayOps.GetItem(x, [.. indices.Select(index => (SliceItem)index)]));
    }

    [Test]
    public void BrokenSteps()
    {
        Tensor x = new Graph().Placeholder(DType.Float32, new Shape(4), "x");
        Assert.Throws<GraphException>(() => ArrayOps.StridedSlice(x, new[] { 0 }, new[] { 2 }, new[] { 0 }));
        Assert.Throws<GraphException>(() => ArrayOps.StridedSlice(x, new[] { 0 }, new[] { 2 }, new[] { -1 }, shrinkAxisMask: 1));
        Assert.Throws<GraphException>(() => ArrayOps.StridedSlice(x, new[] { 0, 0 }, new[] { 2, 0 }, ellipsisMask: 3));
        Assert.Throws<GraphException>(() => ArrayOps.StridedSlice(x, new[] { 0, 0 }, new[] { 2 }));
    }

    private sealed class Items
    {
        private readonly List<int> begin = [], end = [], strides = [];
        private readonly List<int[]?> indices = [];
        private int beginMask, endMask, ellipsisMask, newAxisMask, shrinkMask;

        // Per dimension of the result the dimension of the tensor, −1 for a new one.
        private readonly List<int> kept = [];

        public static Items Of(Random random, int[] dims)
        {
            var items = new Items();
            int ellipsis = random.Next(2) == 0 ? random.Next(dims.Length + 1) : -1;
            int skipped = ellipsis < 0 ? 0 : random.Next(dims.Length - ellipsis + 1);
            int last = ellipsis < 0 ? random.Next(dims.Length + 1) : dims.Length;
            for (int d = 0; d < last || (d == last && d == ellipsis); d++)
            {
                if (random.Next(5) == 0) items.AddNewAxis(random);
                if (d == ellipsis)
                {
                    items.AddEllipsis(random, dims, d, skipped);
                    ellipsis = -1;
                    d += skipped - 1;
                    continue;
                }

                if (random.Next(4) == 0) items.AddIndex(random, d, dims[d]);
                else items.AddRange(random, d, dims[d]);
            }

            for (int d = items.indices.Count; d < dims.Length; d++) items.AddWhole(dims[d]);
            return items;
        }

        public Tensor Apply(Twin twin, Tensor x) => ArrayOps.StridedSlice(
            x, Parameter(begin), Parameter(end), Parameter(strides), beginMask, endMask, ellipsisMask, newAxisMask, shrinkMask);

        public Nd Naive(Nd x) => Nd.Make(
            [.. kept.Select(d => d < 0 ? 1 : indices[d]!.Length)],
            index =>
            {
                int[] from = [.. indices.Select(list => list![0])];
                for (int i = 0; i < kept.Count; i++)
                {
                    if (kept[i] >= 0) from[kept[i]] = indices[kept[i]]![index[i]];
                }

                return x[from];
            });

        private static Operand Parameter(List<int> values) => Nd.Vector(values).ToArray(DType.Int32);

        private int Add(int b, int e, int s)
        {
            begin.Add(b);
            end.Add(e);
            strides.Add(s);
            return 1 << (begin.Count - 1);
        }

        private void AddWhole(int size)
        {
            kept.Add(indices.Count);
            indices.Add([.. Enumerable.Range(0, size)]);
        }

        private void AddEllipsis(Random random, int[] dims, int first, int count)
        {
            ellipsisMask |= Add(random.Next(9), random.Next(9), random.Next(1, 4));
            for (int d = first; d < first + count; d++) AddWhole(dims[d]);
        }

        private void AddNewAxis(Random random)
        {
            newAxisMask |= Add(random.Next(9), random.Next(9), random.Next(1, 4));
            kept.Add(-1);
        }

        private void AddIndex(Random random, int d, int size)
        {
            int index = random.Next(-size, size);
            shrinkMask |= Add(index, random.Next(9), 1);
            indices.Add([index < 0 ? index + size : index]);
        }

        private void AddRange(Random random, int d, int size)
        {
            int step = random.Next(1, 4) * (random.Next(2) == 0 ? 1 : -1);
            int? start = random.Next(3) == 0 ? null : random.Next(-size - 2, size + 3), stop = random.Next(3) == 0 ? null : random.Next(-size - 2, size + 3);
            int bit = Add(start ?? random.Next(9), stop ?? random.Next(9), step);
            if (start is null) beginMask |= bit;
            if (stop is null) endMask |= bit;
            kept.Add(d);
            indices.Add([.. Python(start, stop, step, size)]);
        }

        private static IEnumerable<int> Python(int? start, int? stop, int step, int size)
        {
            int from = Border(start, step > 0 ? 0 : size - 1, step, size), to = Border(stop, step > 0 ? size : -1, step, size);
            for (int i = from; step > 0 ? i < to : i > to; i += step) yield return i;
        }

        private static int Border(int? index, int otherwise, int step, int size)
        {
            if (index is not { } i) return otherwise;
            if (i < 0) i += size;
            if (i < 0) return step > 0 ? 0 : -1;
            return i >= size ? (step > 0 ? size : size - 1) : i;
        }
    }
}
