using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <summary>A run of ops that move elements allocates nothing managed, small tensors and large ones shared by threads.</summary>
public class ArrayAllocationTests
{
    [Test]
    public void RunsAllocateNothing([Values(3, 400)] int size, [Values(1, 2)] int threads)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(size, size), "x");
        Tensor indices = graph.Constant(TensorData.Vector<int>([.. Enumerable.Range(0, size).Reverse()]));
        Tensor[] moved =
        [
            ArrayOps.Transpose(x), ArrayOps.Concat([x, x], 1), ArrayOps.Tile(x, [1, 2]), ArrayOps.Pad(x, [[1, 2], [0, 1]]),
            ArrayOps.Pad(x, [[1, 2], [0, 1]], PadMode.Symmetric), ArrayOps.Reverse(x, [1]), ArrayOps.Gather(x, indices, 1),
            ArrayOps.Stack([x, x], 1), ArrayOps.Unstack(x, axis: 1)[1], ArrayOps.GetItem(x, .., SliceItem.Range(null, null, 2)),
            ArrayOps.BroadcastTo(x, [2, size, size]), MathOps.UnsortedSegmentSum(x, indices, size), ArrayOps.DynamicStitch([indices], [x]),
            .. ArrayOps.IdentityN([x, x]),
        ];
        Operation all = graph.Group(moved.Select(tensor => tensor.Op));
        using var session = new Session(graph, new SessionOptions { Threads = threads });
        var feeds = new Feeds { [x] = new float[size, size] };
        session.Run(all, feeds);

        AllocationMeter[] found = [.. Enumerable.Range(0, 6).Select(_ => AllocationMeter.PerCall(() => session.Run(all, feeds), calls: 5))];

        // A run hands out one empty list of results.
        Assert.That(found.Min(meter => meter.Thread), Is.LessThan(100));
        Assert.That(found.Min(meter => meter.Process), Is.LessThan(100));
    }
}
