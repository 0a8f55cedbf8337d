namespace AlexNetTF.Tests.Ops;

/// <summary>What a graph knows of shapes while it is built, sizes of the batch and more unknown.</summary>
public class ArrayInferenceTests
{
    private readonly Graph graph = new();

    private Tensor Input(params int?[] sizes) => graph.Placeholder(DType.Float32, new Shape(sizes));

    private Tensor Number() => graph.Placeholder(DType.Int32, Shape.Scalar);

    private static void ShapeIs(Tensor tensor, params int?[] sizes) => Assert.That(tensor.Shape, Is.EqualTo(new Shape(sizes)));

    private static void IsUnknown(Tensor tensor) => Assert.That(tensor.Shape, Is.EqualTo(Shape.Unknown));

    [Test]
    public void ReshapeByShapesOfOthers()
    {
        Tensor x = Input(null, 6, 6, 256), y = Input(null, 9216);
        ShapeIs(ArrayOps.Reshape(x, [-1, 9216]), null, 9216);
        ShapeIs(ArrayOps.Reshape(x, ArrayOps.Shape(y)), null, 9216);
        ShapeIs(ArrayOps.Reshape(y, ArrayOps.Shape(x)), null, 6, 6, 256);
        ShapeIs(ArrayOps.Reshape(x, [ArrayOps.GetItem(ArrayOps.Shape(x), 0), 9216]), null, 9216);
        ShapeIs(ArrayOps.Reshape(x, ArrayOps.Concat([ArrayOps.Slice(ArrayOps.Shape(x), [0], [1]), new[] { 36, -1 }], 0)), null, 36, null);
        ShapeIs(ArrayOps.Reshape(Input(4, 6), [Number(), 8]), 3, 8);
        ShapeIs(ArrayOps.Reshape(x, graph.Placeholder(DType.Int32, new Shape(3))), null, null, null);
        IsUnknown(ArrayOps.Reshape(x, graph.Placeholder(DType.Int32)));
        ShapeIs(ArrayOps.Reshape(Input(1, 1), []));
    }

    [Test]
    public void ListsOfSizesTravel()
    {
        Tensor shape = ArrayOps.Shape(Input(null, 2, 3), optimize: false);
        Tensor[] same =
        [
            ArrayOps.Identity(shape),
            ArrayOps.StopGradient(shape),
            ArrayOps.IdentityN([Input(1), shape])[1],
            ArrayOps.ShapeN([Input(1), Input(null, 2, 3)])[1],
            ArrayOps.Stack(ArrayOps.Unstack(shape)),
            ArrayOps.Concat([ArrayOps.GetItem(shape, ..1), ArrayOps.GetItem(shape, 1..)], 0),
            ArrayOps.Gather(shape, new[] { 0, 1, 2 }),
            ArrayOps.GetItem(ArrayOps.GetItem(shape, SliceItem.Range(null, null, -1)), SliceItem.Range(null, null, -1)),
            ArrayOps.Squeeze(ArrayOps.ExpandDims(ArrayOps.Reshape(shape, [3]), 0)),
            ArrayOps.DynamicStitch([graph.Constant(TensorData.Vector<int>([0, 2])), graph.Constant(TensorData.Vector<int>([1]))], [ArrayOps.Gather(shape, new[] { 0, 2 }), ArrayOps.GetItem(shape, 1..2)]),
        ];
        for (int i = 0; i < same.Length; i++)
        {
            // A matrix is no list of sizes any more.
            int?[] expected = i == 8 ? [null, null, null] : [null, 2, 3];
            Assert.That(ArrayOps.Fill(same[i], 0f).Shape, Is.EqualTo(new Shape(expected)), $"{same[i].Op}");
        }

        ShapeIs(ArrayOps.Fill(ArrayOps.ExpandDims(ArrayOps.Rank(Input(null, 2), optimize: false), 0), 0f), 2);
        ShapeIs(ArrayOps.Fill(ArrayOps.Stack([ArrayOps.Size(Input(3, 2), optimize: false), Number()]), 0f), 6, null);
    }

    [Test]
    public void SizesAddUpAndDivide()
    {
        Tensor x = Input(null, 27, 27, 96);
        ShapeIs(ArrayOps.Split(x, 2, 3)[1], null, 27, 27, 48);
        ShapeIs(ArrayOps.Split(x, 2, 0)[1], null, 27, 27, 96);
        ShapeIs(ArrayOps.Split(x, 2, Number())[0], null, null, null, null);
        ShapeIs(ArrayOps.SplitV(x, [16, -1, 32], -1)[1], null, 27, 27, 48);
        ShapeIs(ArrayOps.SplitV(x, [1, -1], 0)[1], null, 27, 27, 96);
        ShapeIs(ArrayOps.Concat([x, Input(4, 27, null, 4)], 3), 4, 27, 27, 100);
        ShapeIs(ArrayOps.Concat([x, Input(4, 27, null, null)], -1), 4, 27, 27, null);
        ShapeIs(ArrayOps.Concat([x, graph.Placeholder(DType.Float32)], 0), null, 27, 27, 96);
        ShapeIs(ArrayOps.Concat([x, Input(4, 27, null, 4)], Number()), null, null, null, null);
        ShapeIs(ArrayOps.Pad(x, [[0, 0], [1, 2], [3, 0], [0, 0]]), null, 30, 30, 96);
        ShapeIs(ArrayOps.Pad(x, graph.Placeholder(DType.Int32)), null, null, null, null);
        ShapeIs(ArrayOps.Tile(x, [2, 1, 2, 1]), null, 27, 54, 96);
        ShapeIs(ArrayOps.Tile(x, [Number(), 1, 2, 1]), null, 27, 54, 96);
        ShapeIs(ArrayOps.Stack([x, Input(5, null, 27, 96)], -1), 5, 27, 27, 96, 2);
        ShapeIs(ArrayOps.Unstack(x, axis: 1)[26], null, 27, 96);
        ShapeIs(ArrayOps.Unstack(Input(null, 3), 7)[0], 3);
    }

    [Test]
    public void PartsAndOrders()
    {
        Tensor x = Input(null, 5, 6);
        ShapeIs(ArrayOps.Slice(x, [0, 1, 2], [-1, 2, -1]), null, 2, 4);
        ShapeIs(ArrayOps.Slice(x, graph.Placeholder(DType.Int32, new Shape(3)), [1, -1, 2]), 1, null, 2);
        ShapeIs(ArrayOps.Slice(x, [0, 0, 0], ArrayOps.Shape(Input(null, 2, 3))), null, 2, 3);
        ShapeIs(ArrayOps.Transpose(x, [2, 0, 1]), 6, null, 5);
        ShapeIs(ArrayOps.Transpose(x), 6, 5, null);
        ShapeIs(ArrayOps.ExpandDims(x, -2), null, 5, 1, 6);
        ShapeIs(ArrayOps.ExpandDims(x, Number()), null, null, null, null);
        ShapeIs(ArrayOps.Squeeze(Input(null, 1, 3), [0]), 1, 3);
        IsUnknown(ArrayOps.Squeeze(Input(null, 1, 3)));
        ShapeIs(ArrayOps.Gather(x, graph.Placeholder(DType.Int32, new Shape(7, null)), 1), null, 7, null, 6);
        ShapeIs(ArrayOps.OneHot(graph.Placeholder(DType.Int32, new Shape((int?)null)), 1000), null, 1000);
        ShapeIs(ArrayOps.OneHot(graph.Placeholder(DType.Int32, new Shape((int?)null)), Number()), null, null);
        ShapeIs(ArrayOps.BroadcastTo(Input(null, 1), [3, 4, 5]), 3, 4, 5);
        ShapeIs(ArrayOps.Range(2, 11, 3), 3);
        ShapeIs(ArrayOps.Range(0, Number()), (int?)null);
        ShapeIs(MathOps.UnsortedSegmentSum(x, graph.Placeholder(DType.Int32, new Shape(null, 5)), 9), 9, 6);
    }

    [Test]
    public void DefaultsThatMayBeFedAreNotConstants()
    {
        Tensor sizes = graph.PlaceholderWithDefault(new[] { 2, 3 }, new Shape(2));
        Tensor y = ArrayOps.Fill(sizes, 1f);
        ShapeIs(y, null, null);
        using var session = new Session(graph);

        Assert.That(session.Run(y).shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(session.Run(y, new Feeds { [sizes] = new[] { 4, 1 } }).shape, Is.EqualTo(new long[] { 4, 1 }));
    }

    [Test]
    public void LongChainsOfSizesAreFollowedOnce()
    {
        Tensor shape = ArrayOps.Shape(Input(null, 2), optimize: false);
        for (int i = 0; i < 300; i++) shape = i % 2 == 0 ? ArrayOps.Identity(shape) : ArrayOps.Reshape(shape, [2]);
        Tensor y = ArrayOps.Fill(shape, 0f);
        Assert.That(y.Shape.Rank, Is.EqualTo(2));
    }
}
