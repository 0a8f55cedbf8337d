using FsCheck;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace AlexNetTF.Tests.Ops;

/// <summary>Ops that cut tensors apart, join them, and pick from them, against a loop over indices.</summary>
public class ArrayJoiningTests
{
    [Property(MaxTest = 100)]
    public void Split(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = true };
        int[] dims = twin.Dims(1, 4, 4);
        int axis = twin.Random.Next(dims.Length), parts = twin.Random.Next(1, 4), size = dims[axis];
        dims[axis] = size * parts;
        Nd x = Nd.Random(twin.Random, dims);

        IReadOnlyList<Tensor> y = ArrayOps.Split(twin.Feed(x), parts, twin.Parameter(Nd.Scalar(twin.Axis(axis, dims.Length))));

        twin.Expect(y, [.. Enumerable.Range(0, parts).Select(part => Cut(x, axis, part * size, size))]);
    }

    [Property(MaxTest = 100)]
    public void SplitV(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = true };
        int[] dims = twin.Dims(1, 4), sizes = [.. Enumerable.Range(0, twin.Random.Next(1, 5)).Select(_ => twin.Random.Next(4))];
        int axis = twin.Random.Next(dims.Length);
        dims[axis] = sizes.Sum();
        Nd x = Nd.Random(twin.Random, dims);
        int[] given = [.. sizes];
        if (twin.Random.Next(2) == 0) given[twin.Random.Next(given.Length)] = -1;

        IReadOnlyList<Tensor> y = ArrayOps.SplitV(twin.Feed(x), twin.Parameter(Nd.Vector(given)), twin.Axis(axis, dims.Length), count: given.Length);

        twin.Expect(y, [.. sizes.Select((size, i) => Cut(x, axis, sizes[..i].Sum(), size))]);
    }

    [Property(MaxTest = 150)]
    public void Concat(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] dims = twin.Dims(1, 4);
        int axis = twin.Random.Next(dims.Length);
        Nd[] parts = [.. Enumerable.Range(0, twin.Random.Next(2, 5)).Select(_ =>
        {
            dims[axis] = twin.Random.Next(4);
            return Nd.Random(twin.Random, [.. dims]);
        })];
        Nd expected = Join(parts, axis);
        Tensor[] inputs = [.. parts.Select(part => twin.Feed(part))];
        int given = twin.Axis(axis, dims.Length);
        Tensor older = twin.Graph.Add(new ConcatOp(), [twin.Graph.Constant(TensorData.Scalar(given)), .. inputs]);

        twin.Expect([ArrayOps.Concat(inputs, twin.Parameter(Nd.Scalar(given))), older], expected, expected);
    }

    [Property(MaxTest = 100)]
    public void StackAndUnstack(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] dims = twin.Dims(0, 3);
        int axis = twin.Random.Next(dims.Length + 1), count = twin.Random.Next(1, 5), given = twin.Axis(axis, dims.Length + 1);
        Nd[] parts = [.. Enumerable.Range(0, count).Select(_ => Nd.Random(twin.Random, dims))];

        Tensor stacked = ArrayOps.Stack([.. parts.Select(part => twin.Feed(part))], given);

        twin.Expect(stacked, Nd.Make([.. dims[..axis], count, .. dims[axis..]], index => parts[index[axis]][[.. index[..axis], .. index[(axis + 1)..]]]));
        twin.Expect(ArrayOps.Unstack(stacked, count, given), parts);
    }

    [Property(MaxTest = 150)]
    public void Gather(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] dims = [.. twin.Dims(1, 4).Select(size => Math.Max(1, size))];
        int axis = twin.Random.Next(dims.Length), batch = twin.Random.Next(axis + 1);
        Nd x = Nd.Random(twin.Random, dims);
        Nd indices = Nd.Make([.. dims[..batch], .. twin.Dims(0, 2)], _ => twin.Random.Next(dims[axis]));
        int picked = indices.Rank - batch;

        twin.Expect(
            ArrayOps.Gather(twin.Feed(x), twin.Parameter(indices), twin.Parameter(Nd.Scalar(twin.Axis(axis, dims.Length))), batch),
            Nd.Make([.. dims[..axis], .. indices.Dims[batch..], .. dims[(axis + 1)..]], index =>
                x[[.. index[..axis], (int)indices[[.. index[..batch], .. index[axis..(axis + picked)]]], .. index[(axis + picked)..]]]));
    }

    [Property(MaxTest = 100)]
    public void OneHot(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = true };
        int depth = twin.Random.Next(1, 6);
        Nd indices = Nd.Make(twin.Dims(0, 3), _ => twin.Random.Next(-2, depth + 2));
        int axis = twin.Random.Next(-1, indices.Rank + 1), place = axis < 0 ? indices.Rank : axis;
        Nd on = Nd.Scalar(twin.Random.Next(100)), off = Nd.Scalar(twin.Random.Next(100));
        DType type = twin.Random.Next(2) == 0 ? DType.Int32 : DType.Int64;

        twin.Expect(
            ArrayOps.OneHot(twin.Feed(indices, type), twin.Parameter(Nd.Scalar(depth)), twin.Feed(on), twin.Feed(off), axis),
            Nd.Make([.. indices.Dims[..place], depth, .. indices.Dims[place..]], index =>
                indices[[.. index[..place], .. index[(place + 1)..]]] == index[place] ? on.Values[0] : off.Values[0]));
    }

    [Property(MaxTest = 100)]
    public void DynamicStitch(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        int[] rest = twin.Dims(0, 2);
        int count = twin.Random.Next(1, 4);
        Nd[] indices = [.. Enumerable.Range(0, count).Select(_ => Nd.Make(twin.Dims(0, 2, 4), _ => twin.Random.Next(8)))];
        Nd[] data = [.. indices.Select(places => Nd.Random(twin.Random, [.. places.Dims, .. rest]))];
        int rows = (int)indices.SelectMany(places => places.Values).DefaultIfEmpty(-1).Max() + 1, width = rest.Aggregate(1, (p, s) => p * s);
        var expected = new long[rows * width];
        for (int m = 0; m < count; m++)
        {
            for (int i = 0; i < indices[m].Values.Length; i++) Array.Copy(data[m].Values, i * width, expected, indices[m].Values[i] * width, width);
        }

        twin.Expect(ArrayOps.DynamicStitch([.. indices.Select(places => twin.Feed(places, DType.Int32))], [.. data.Select(part => twin.Feed(part))]), new Nd([rows, .. rest], expected));
    }

    [Property(MaxTest = 100)]
    public void UnsortedSegmentSum(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        if (twin.Type == DType.Bool) twin.Type = DType.Float32;
        int segments = twin.Random.Next(1, 5);
        Nd ids = Nd.Make(twin.Dims(0, 2), _ => twin.Random.Next(-1, segments));
        int[] rest = twin.Dims(0, 2);
        Nd data = Nd.Make([.. ids.Dims, .. rest], _ => twin.Random.Next(4));
        int width = rest.Aggregate(1, (p, s) => p * s);
        var expected = new long[segments * width];
        for (int i = 0; i < ids.Values.Length; i++)
        {
            for (int j = 0; j < width && ids.Values[i] >= 0; j++) expected[(ids.Values[i] * width) + j] += data.Values[(i * width) + j];
        }

        twin.Expect(
            MathOps.UnsortedSegmentSum(twin.Feed(data), twin.Feed(ids, twin.Random.Next(2) == 0 ? DType.Int32 : DType.Int64), twin.Parameter(Nd.Scalar(segments))),
            new Nd([segments, .. rest], expected));
    }

    [Property(MaxTest = 100)]
    public void ConcatOffset(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item) { OnlyInt32 = true };
        int[] dims = twin.Dims(1, 4);
        int axis = twin.Random.Next(dims.Length);
        int[] sizes = [.. Enumerable.Range(0, 3).Select(_ => twin.Random.Next(5))];
        Tensor[] shapes = [.. sizes.Select(size => twin.Feed(Nd.Vector([.. dims[..axis], size, .. dims[(axis + 1)..]]), DType.Int32))];

        twin.Expect(
            ArrayOps.ConcatOffset(twin.Parameter(Nd.Scalar(twin.Axis(axis, dims.Length))), shapes),
            [.. sizes.Select((_, i) => Nd.Vector(Enumerable.Range(0, dims.Length).Select(d => d == axis ? sizes[..i].Sum() : 0)))]);
    }

    [Test]
    public void ShapesOfSeveralLengthsHaveNoConcatOffset()
    {
        var graph = new Graph();
        Tensor[] shapes = [.. Enumerable.Range(0, 2).Select(_ => graph.Placeholder(DType.Int32, Shape.Unknown))];
        IReadOnlyList<Tensor> places = ArrayOps.ConcatOffset(graph.Constant(0), shapes);
        using var session = new Session(graph);
        RunException? error = Assert.Throws<RunException>(() => session.Run(places[0], new Feeds { [shapes[0]] = new[] { 2, 3 }, [shapes[1]] = new[] { 2 } }));
        Assert.That(error!.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
        Assert.That(error.Message, Does.Contain("shape 0 has 2").And.Contain("shape 1 has 1"));
    }

    [Property(MaxTest = 100)]
    public void ShapesRanksAndSizes(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4)), y = Nd.Random(twin.Random, twin.Dims(0, 4));
        Tensor a = twin.Feed(x), b = twin.Feed(y);
        DType type = twin.Random.Next(2) == 0 ? DType.Int32 : DType.Int64;
        Nd shape = Nd.Vector(x.Dims), count = Nd.Scalar(x.Values.Length);

        twin.Expect(
            [ArrayOps.Shape(a, outType: type), ArrayOps.Shape(a, optimize: false), .. ArrayOps.ShapeN([a, b], outType: type), ArrayOps.Rank(a), ArrayOps.Rank(a, optimize: false), ArrayOps.Size(a), ArrayOps.Size(a, optimize: false, outType: type)],
            shape, shape, shape, Nd.Vector(y.Dims), Nd.Scalar(x.Rank), Nd.Scalar(x.Rank), count, count);
    }

    [Property(MaxTest = 100)]
    public void FilledAndPassedOn(DoNotSize<int> seed)
    {
        var twin = new Twin(seed.Item);
        Nd x = Nd.Random(twin.Random, twin.Dims(0, 4)), value = Nd.Scalar(twin.Random.Next(100));
        Tensor a = twin.Feed(x);
        Nd zeros = x.Map(_ => 0), ones = x.Map(_ => 1);
        Operand sizes = twin.Parameter(Nd.Vector(x.Dims));

        twin.Expect(
            [
                ArrayOps.Fill(sizes, twin.Feed(value)), ArrayOps.ZerosLike(a), ArrayOps.ZerosLike(a, optimize: false), ArrayOps.OnesLike(a), twin.Graph.Add(new OnesLikeOp(), [a]),
                twin.Graph.Zeros(sizes, twin.Type), twin.Graph.Ones(x.Dims, twin.Type),
                ArrayOps.Identity(a), ArrayOps.StopGradient(a), .. ArrayOps.IdentityN([a, sizes.ToTensor(twin.Graph, null, "sizes")]),
                twin.Graph.PlaceholderWithDefault(a, Shape.OfRank(x.Rank)),
            ],
            x.Map(_ => value.Values[0]), zeros, zeros, ones, ones, zeros, ones, x, x, x, Nd.Vector(x.Dims), x);
    }

    [TestCase(0, 5, 1)]
    [TestCase(3, 18, 3)]
    [TestCase(3, 19, 3)]
    [TestCase(3, 1, -1)]
    [TestCase(10, -3, -4)]
    [TestCase(2, 2, 1)]
    public void Range(int start, int limit, int delta)
    {
        var expected = new List<long>();
        for (int i = start; delta > 0 ? i < limit : i > limit; i += delta) expected.Add(i);
        foreach (DType type in new[] { DType.Int32, DType.Int64, DType.Float32, DType.Float64 })
        {
            var graph = new Graph();
            Tensor first = graph.Constant(Nd.Scalar(start).ToArray(type));

            Tensor y = ArrayOps.Range(first, limit, delta);

            Assert.That(y.DType, Is.EqualTo(type));
            Assert.That(y.Shape, Is.EqualTo(new Shape(expected.Count)));
            using var session = new Session(graph);
            Assert.That(Nd.From(session.Run(y)).Values, Is.EqualTo(expected));
        }
    }

    [Test]
    public void RangeOfFedEnds()
    {
        var graph = new Graph();
        Tensor limit = graph.Placeholder(DType.Int32, Shape.Scalar);
        Tensor y = ArrayOps.Range(0, limit);
        using var session = new Session(graph);

        Assert.That(y.Shape, Is.EqualTo(new Shape((int?)null)));
        Assert.That(session.Run(y, new Feeds { [limit] = 4 }).ToArray<int>(), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(session.Run(y, new Feeds { [limit] = 2 }).ToArray<int>(), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void RangeOfFedFractions()
    {
        var graph = new Graph();
        Tensor limit = graph.Placeholder(DType.Float32, Shape.Scalar);
        Tensor y = ArrayOps.Range(0f, limit, 0.5f);
        using var session = new Session(graph);

        Assert.That(session.Run(y, new Feeds { [limit] = 1.75f }).ToArray<float>(), Is.EqualTo(new[] { 0, 0.5f, 1, 1.5f }));
        Assert.That(session.Run(y, new Feeds { [limit] = 0.5f }).ToArray<float>(), Is.EqualTo(new[] { 0f }));
    }

    [Test]
    public void RangeAddsItsStepAgainAndAgain()
    {
        Tensor y = ArrayOps.Range(new Graph().Constant(new NumSharp.NDArray(new[] { 0f }).reshape()), 1f, 0.1f);
        using var session = new Session(y.Graph);
        float[] expected = new float[10];
        for (int i = 1; i < 10; i++) expected[i] = expected[i - 1] + 0.1f;
        Assert.That(session.Run(y).ToArray<float>(), Is.EqualTo(expected));
    }

    private static Nd Cut(Nd x, int axis, int start, int size) => Nd.Make(
        [.. x.Dims[..axis], size, .. x.Dims[(axis + 1)..]],
        index => x[[.. index[..axis], index[axis] + start, .. index[(axis + 1)..]]]);

    private static Nd Join(Nd[] parts, int axis)
    {
        int[] dims = [.. parts[0].Dims];
        dims[axis] = parts.Sum(part => part.Dims[axis]);
        return Nd.Make(dims, index =>
        {
            int place = index[axis], part = 0;
            while (place >= parts[part].Dims[axis]) place -= parts[part++].Dims[axis];
            return parts[part][[.. index[..axis], place, .. index[(axis + 1)..]]];
        });
    }
}
