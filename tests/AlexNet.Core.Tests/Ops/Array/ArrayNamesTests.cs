namespace AlexNetTF.Tests.Ops;

/// <summary>The nodes that the builders leave in a graph, as TensorFlow 1.15's Python functions do.</summary>
public class ArrayNamesTests
{
    private static string[] Nodes(Action<Graph, Tensor> build)
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, 4), "x");
        build(graph, x);
        return [.. graph.Operations.Skip(1).Select(op => $"{op.Name} {op.Type}")];
    }

    [Test]
    public void ValuesBecomeConstsNamedAfterArguments()
    {
        Assert.That(Nodes((_, x) => ArrayOps.Reshape(x, [8])), Is.EqualTo(new[] { "Reshape/shape Const", "Reshape Reshape" }));
        Assert.That(Nodes((_, x) => ArrayOps.Split(x, 2, 1)), Is.EqualTo(new[] { "Const Const", "split/split_dim Const", "split Split" }));
        Assert.That(Nodes((_, x) => ArrayOps.SplitV(x, [1, 3], 1)), Is.EqualTo(new[] { "Const Const", "split/split_dim Const", "split SplitV" }));
        Assert.That(Nodes((_, x) => ArrayOps.Concat([x, x], 1)), Is.EqualTo(new[] { "concat/axis Const", "concat ConcatV2" }));
        Assert.That(Nodes((_, x) => ArrayOps.Concat([x], 1)), Is.EqualTo(new[] { "concat/concat_dim Const", "concat/concat Identity" }));
        Assert.That(Nodes((_, x) => ArrayOps.Slice(x, [0, 0], [1, 1], "cut")), Is.EqualTo(new[] { "cut/begin Const", "cut/size Const", "cut Slice" }));
        Assert.That(Nodes((_, x) => ArrayOps.Tile(x, [1, 2])), Is.EqualTo(new[] { "Tile/multiples Const", "Tile Tile" }));
        Assert.That(Nodes((_, x) => ArrayOps.Pad(x, [[0, 0], [1, 1]])), Is.EqualTo(new[] { "Pad/paddings Const", "Pad Pad" }));
        Assert.That(Nodes((_, x) => ArrayOps.Pad(x, [[0, 0], [1, 1]], constantValues: 2)), Is.EqualTo(new[] { "PadV2/paddings Const", "PadV2/constant_values Const", "PadV2 PadV2" }));
        Assert.That(Nodes((_, x) => ArrayOps.Gather(x, new[] { 0 })), Is.EqualTo(new[] { "GatherV2/indices Const", "GatherV2/axis Const", "GatherV2 GatherV2" }));
        Assert.That(Nodes((g, _) => ArrayOps.OneHot(g.Constant(TensorData.Vector<int>([1]), "i"), 3)), Is.EqualTo(new[] { "i Const", "one_hot/on_value Const", "one_hot/off_value Const", "one_hot/depth Const", "one_hot OneHot" }));
        Assert.That(Nodes((_, x) => ArrayOps.Stack([x, x])), Is.EqualTo(new[] { "stack Pack" }));
        Assert.That(Nodes((_, x) => ArrayOps.Unstack(x)), Is.EqualTo(new[] { "unstack Unpack" }));
        Assert.That(Nodes((_, x) => ArrayOps.StridedSlice(x, [0, 0], [1, 1])), Is.EqualTo(new[]
        {
            "ones_like/tensor Const", "ones_like/Shape Const", "ones_like/Const Const", "ones_like Fill",
            "StridedSlice/begin Const", "StridedSlice/end Const", "StridedSlice StridedSlice",
        }));
    }

    [Test]
    public void ListsWithTensorsArePacked() => Assert.That(
        Nodes((g, x) => ArrayOps.Reshape(x, [g.Placeholder(DType.Int32, Shape.Scalar, "n"), -1])),
        Is.EqualTo(new[] { "n Placeholder", "Reshape/shape/1 Const", "Reshape/shape Pack", "Reshape Reshape" }));

    [Test]
    public void SmallConstantsAreStoredAndLargeOnesFilled()
    {
        Assert.That(Nodes((g, _) => g.Zeros([9, 111])), Is.EqualTo(new[] { "zeros Const" }));
        Assert.That(Nodes((g, _) => g.Zeros([10, 100])), Is.EqualTo(new[] { "zeros/shape_as_tensor Const", "zeros/Const Const", "zeros Fill" }));
        Assert.That(Nodes((g, _) => g.Ones([], DType.Int32)), Is.EqualTo(new[] { "ones Const" }));
        Assert.That(Nodes((_, x) => ArrayOps.ZerosLike(x)), Is.EqualTo(new[] { "zeros_like Const" }));
        Assert.That(Nodes((_, x) => ArrayOps.ZerosLike(x, optimize: false)), Is.EqualTo(new[] { "zeros_like ZerosLike" }));
        Assert.That(Nodes((_, x) => ArrayOps.OnesLike(x)), Is.EqualTo(new[] { "ones_like/Shape Const", "ones_like/Const Const", "ones_like Fill" }));
    }

    [Test]
    public void KnownShapesAreConsts()
    {
        Assert.That(Nodes((_, x) => ArrayOps.Shape(x)), Is.EqualTo(new[] { "Shape Const" }));
        Assert.That(Nodes((_, x) => ArrayOps.Shape(x, optimize: false)), Is.EqualTo(new[] { "Shape Shape" }));
        Assert.That(Nodes((_, x) => ArrayOps.Rank(x)), Is.EqualTo(new[] { "Rank Const" }));
        Assert.That(Nodes((_, x) => ArrayOps.Size(x, "n")), Is.EqualTo(new[] { "n Const" }));
        Assert.That(Nodes((g, _) => ArrayOps.Size(g.Placeholder(DType.Float32, new Shape(null, 0), "e"))), Is.EqualTo(new[] { "e Placeholder", "Size Const" }));
        Assert.That(Nodes((_, x) => ArrayOps.ShapeN([x, x])), Is.EqualTo(new[] { "ShapeN ShapeN" }));
    }

    [Test]
    public void Attributes()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2, null), "x");
        Tensor i = graph.Placeholder(DType.Int64, new Shape((int?)null), "i");
        Is(ArrayOps.Split(x, 2)[0], "T=float32 num_split=2");
        Is(ArrayOps.SplitV(x, [1, 1])[0], "T=float32 Tlen=int32 num_split=2");
        Is(ArrayOps.Concat([x, x], 0), "N=2 T=float32 Tidx=int32");
        Is(ArrayOps.Gather(x, i), "Taxis=int32 Tindices=int64 Tparams=float32 batch_dims=0");
        Is(ArrayOps.GetItem(x, 0), "Index=int32 T=float32 begin_mask=0 ellipsis_mask=0 end_mask=0 new_axis_mask=0 shrink_axis_mask=1");
        Is(ArrayOps.Squeeze(graph.Placeholder(DType.Float32, new Shape(1, null)), [0, -1]), "T=float32 squeeze_dims=(0,-1)");
        Is(ArrayOps.OneHot(i, 3), "T=float32 TI=int64 axis=-1");
        Is(ArrayOps.IdentityN([x, i])[0], "T=(float32,int64)");
        Is(ArrayOps.Shape(x, outType: DType.Int64), "T=float32 out_type=int64");
        Is(ArrayOps.Stack([x, x], -1), "N=2 T=float32 axis=-1");
        Is(ArrayOps.Unstack(x)[0], "T=float32 axis=0 num=2");
        Is(ArrayOps.Fill([2], 1f), "T=float32 index_type=int32");
        Is(ArrayOps.Pad(x, [[1, 0], [0, 0]], PadMode.Reflect), "T=float32 Tpaddings=int32 mode=\"REFLECT\"");
        Is(graph.PlaceholderWithDefault(1f, Shape.Scalar), "dtype=float32 shape=[]");

        static void Is(Tensor tensor, string attributes) => Assert.That(GraphListing.Attributes(tensor.Op), NUnit.Framework.Is.EqualTo(attributes));
    }
}
