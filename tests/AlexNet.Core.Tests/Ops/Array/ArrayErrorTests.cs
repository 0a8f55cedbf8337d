namespace AlexNetTF.Tests.Ops;

/// <summary>What is refused: while the graph is built where TensorFlow's shape rules see it, else in the run.</summary>
public class ArrayErrorTests
{
    private static readonly Graph Shared = new();

    private static Tensor X => Shared.Placeholder(DType.Float32, new Shape(2, 3));

    private static Tensor Ints => Shared.Placeholder(DType.Int32, new Shape(4));

    private static IEnumerable<TestCaseData> AtBuild()
    {
        yield return Case("reshape: another number of elements", () => ArrayOps.Reshape(X, [4]), "6 elements", "has 4");
        yield return Case("reshape: indivisible", () => ArrayOps.Reshape(X, [-1, 4]), "divisible");
        yield return Case("reshape: negative", () => ArrayOps.Reshape(X, [-2, 3]), "0 or more");
        yield return Case("reshape: no vector", () => ArrayOps.Reshape(X, [[6]]), "vector");
        yield return Case("reshape: float sizes", () => ArrayOps.Reshape(X, new[] { 6f }), "int32 or int64");
        yield return Case("reshape: 0 with an inferred size", () => ArrayOps.Reshape(X, [0, -1]), "undefined");
        yield return Case("expand: outside", () => ArrayOps.ExpandDims(X, 3), "[-3, 2]");
        yield return Case("squeeze: size 2", () => ArrayOps.Squeeze(X, [0]), "size 1");
        yield return Case("squeeze: outside", () => ArrayOps.Squeeze(X, [2]), "[-2, 1]");
        yield return Case("pad: negative", () => ArrayOps.Pad(X, [[0, -1], [0, 0]]), "0 or more");
        yield return Case("pad: rows", () => ArrayOps.Pad(X, [[0, 1]]), "dimensions");
        yield return Case("pad: columns", () => ArrayOps.Pad(X, [[0, 1, 2], [0, 1, 2]]), "two columns");
        yield return Case("pad: value's type", () => ArrayOps.Pad(X, [[0, 1], [0, 0]], constantValues: Ints), "scalar");
        yield return Case("split: indivisible", () => ArrayOps.Split(X, 2, 1), "2 equal parts");
        yield return Case("split: axis", () => ArrayOps.Split(X, 2, 2), "axis");
        yield return Case("splitv: sum", () => ArrayOps.SplitV(X, [1, 1], 1), "add up");
        yield return Case("splitv: too much", () => ArrayOps.SplitV(X, [4, -1], 1), "add up");
        yield return Case("splitv: two inferred", () => ArrayOps.SplitV(X, [-1, -1], 1), "one part");
        yield return Case("concat: other dimensions", () => ArrayOps.Concat([X, Shared.Placeholder(DType.Float32, new Shape(3, 3))], 1), "must be equal");
        yield return Case("concat: ranks", () => ArrayOps.Concat([X, Shared.Placeholder(DType.Float32, new Shape(3))], 0), "2 dimensions");
        yield return Case("concat: scalars", () => ArrayOps.Concat([Shared.Placeholder(DType.Float32, Shape.Scalar), Shared.Placeholder(DType.Float32, Shape.Scalar)], 0), "Stack");
        yield return Case("concat: types", () => ArrayOps.Concat([X, Shared.Placeholder(DType.Int32, new Shape(2, 3))], 0), "element type");
        yield return Case("concat: axis", () => ArrayOps.Concat([X, X], 2), "axis");
        yield return Case("concat: nothing", () => ArrayOps.Concat(Array.Empty<Tensor>(), 2), "at least one");
        yield return Case("stack: shapes", () => ArrayOps.Stack([X, Shared.Placeholder(DType.Float32, new Shape(3, 3))]), "one shape");
        yield return Case("stack: axis", () => ArrayOps.Stack([X, X], 3), "axis");
        yield return Case("unstack: unknown number", () => ArrayOps.Unstack(Shared.Placeholder(DType.Float32)), "count");
        yield return Case("unstack: wrong number", () => ArrayOps.Unstack(X, 4), "asked for are 4");
        yield return Case("transpose: rank", () => ArrayOps.Transpose(X, [0, 1, 2]), "3 dimensions");
        yield return Case("transpose: outside", () => ArrayOps.Transpose(X, [0, 2]), "permutation");
        yield return Case("tile: rank", () => ArrayOps.Tile(X, [1]), "1 dimensions");
        yield return Case("tile: negative", () => ArrayOps.Tile(X, [-2, 1]), "0 or more");
        yield return Case("fill: no scalar", () => ArrayOps.Fill(new[] { 2 }, Ints), "scalar");
        yield return Case("slice: rank", () => ArrayOps.Slice(X, [0], [1]), "1 dimensions");
        yield return Case("slice: size", () => ArrayOps.Slice(X, [0, 0], [1, -2]), "-1 for the rest");
        yield return Case("slice: rest of nothing", () => ArrayOps.Slice(X, [3, 0], [-1, 1]), "begins at 3");
        yield return Case("gather: axis", () => ArrayOps.Gather(X, new[] { 0 }, 2), "axis");
        yield return Case("gather: float indices", () => ArrayOps.Gather(X, new[] { 0f }), "int32 or int64");
        yield return Case("one hot: depth", () => ArrayOps.OneHot(Ints, -1), "depth");
        yield return Case("one hot: axis", () => ArrayOps.OneHot(Ints, 3, axis: 2), "axis");
        yield return Case("one hot: float indices", () => ArrayOps.OneHot(X, 3), "indices");
        yield return Case("range: step 0", () => ArrayOps.Range(0, 3, 0), "must not be 0");
        yield return Case("range: away", () => ArrayOps.Range(0, 3, -1), "away");
        yield return Case("broadcast: sizes", () => ArrayOps.BroadcastTo(X, [2, 4]), "does not broadcast");
        yield return Case("broadcast: rank", () => ArrayOps.BroadcastTo(X, [3]), "does not broadcast");
        yield return Case("reverse: twice", () => ArrayOps.Reverse(X, [0, -2]), "twice");
        yield return Case("stitch: shapes", () => ArrayOps.DynamicStitch([Ints], [X]), "begin with");
        yield return Case("segments: shapes", () => MathOps.UnsortedSegmentSum(X, Ints, 3), "begin with");
        yield return Case("default: shape", () => Shared.PlaceholderWithDefault(X, new Shape(3, 3)), "declared shape");
        yield return Case("operand list: ragged", () => ArrayOps.Pad(X, [[0, 1], [0]]), "one type and shape");
    }

    private static IEnumerable<TestCaseData> InTheRun()
    {
        yield return Run("reshape: two inferred", x => ArrayOps.Reshape(x, [-1, -1]), "one size");
        yield return Run("transpose: twice", x => ArrayOps.Transpose(x, [0, 0]), "once");
        yield return Run("transpose: negative", x => ArrayOps.Transpose(x, [0, -1]), "once");
        yield return Run("slice: outside", x => ArrayOps.Slice(x, [0, 2], [1, 2]), "must lie in");
        yield return Run("slice: negative", x => ArrayOps.Slice(x, [0, -1], [1, 1]), "must lie in");
        yield return Run("tile: -1", x => ArrayOps.Tile(x, [-1, 1]), "0 or more");
        yield return Run("fill: -1", x => ArrayOps.Fill(new[] { -1 }, x.Graph.Constant(TensorData.Scalar(0f))), "0 or more");
        yield return Run("gather: outside", x => ArrayOps.Gather(x, new[] { 0, 2 }), "outside [0, 2)");
        yield return Run("mirror: too wide", x => ArrayOps.Pad(x, [[0, 2], [0, 0]], PadMode.Reflect), "at most 1");
        yield return Run("invert: twice", x => ArrayOps.InvertPermutation(x.Graph.Constant(TensorData.Vector<int>([0, 0]))), "twice");
        yield return Run("segments: outside", x => MathOps.UnsortedSegmentSum(x, x.Graph.Constant(TensorData.Vector<int>([0, 5])), 3), "outside [0, 3)");
    }

    [TestCaseSource(nameof(AtBuild))]
    public void Build(Func<object> build, string[] words)
    {
        GraphException error = Assert.Throws<GraphException>(() => build())!;
        foreach (string word in words) Assert.That(error.Message, Does.Contain(word));
    }

    [TestCaseSource(nameof(InTheRun))]
    public void Running(Func<Tensor, Tensor> build, string word)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 3));
        Tensor y = build(x);
        using var session = new Session(graph);

        RunException error = Assert.Throws<RunException>(() => session.Run(y, new Feeds { [x] = new float[2, 3] }))!;

        Assert.That(error.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
        Assert.That(error.Message, Does.Contain(word).And.Contain(y.Op.Name));
    }

    private static TestCaseData Case(string name, Func<object> build, params string[] words) => new TestCaseData(build, words).SetArgDisplayNames(name);

    private static TestCaseData Run(string name, Func<Tensor, Tensor> build, string word) => new TestCaseData(build, word).SetArgDisplayNames(name);
}
