using AlexNetTF.TensorFlow;

namespace AlexNetTF.TensorFlow.Tests;

/// <content>Ops that make, move and rearrange values.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Moving =>
    [
        One("BroadcastTo", g => ArrayOps.BroadcastTo(g.Of(3, 1), new[] { 2, 3, 4 }), Numbers),
        One("ConcatV2", g => ArrayOps.Concat([g.Of(2, 3), g.Of(2, 1), g.Of(2, 4)], 1), AllAndBool),
        One("ConcatV2 of many", g => ArrayOps.Concat([.. Enumerable.Range(0, 18).Select(_ => g.Of(2, 2))], -1), Floats),
        One("Concat", g => g.Graph.Add(new ConcatOp(), [g.Graph.Constant(TensorData.Scalar(0)), g.Of(2, 3), g.Of(1, 3)]), Numbers),
        new("DynamicStitch", g => [ArrayOps.DynamicStitch([g.Graph.Constant(TensorData.Vector<int>([0, 2])), g.Graph.Constant(TensorData.Vector<int>([3, 1]))], [g.Of(2, 3), g.Of(2, 3)])], Numbers, Gradients: false),
        One("ExpandDims", g => ArrayOps.ExpandDims(g.Of(2, 3), 1), AllAndBool),
        One("Fill", g => ArrayOps.Fill(new[] { 2, 3 }, g.Of()), Numbers),
        One("Gather", g => g.Graph.Add(new GatherOp(), [g.Of(5, 3), g.Ints(0, 5, 4)]), Numbers),
        One("GatherV2", g => ArrayOps.Gather(g.Of(2, 5, 3), g.Ints(0, 5, 4), 1), Numbers),
        One("GatherV2 in batches", g => ArrayOps.Gather(g.Of(2, 5, 3), g.Ints(0, 5, 2, 4), 1, 1), Numbers, gradients: false),
        One("Identity", g => ArrayOps.Identity(g.Of(2, 3)), AllAndBool),
        new("IdentityN", g => ArrayOps.IdentityN([g.Of(2, 3), g.Ints(0, 9, 4)]), Numbers),
        One("InvertPermutation", g => ArrayOps.InvertPermutation(g.Graph.Constant(TensorData.Vector<int>([2, 0, 3, 1]))), Floats),
        new("ListDiff", g => [.. g.Graph.AddOperation(new ListDiffOp(), [g.Ints(0, 6, 9), g.Ints(0, 6, 3)]).Outputs], Floats),
        One("OneHot", g => ArrayOps.OneHot(g.Ints(-1, 5, 6), 4, type: g.Type), Numbers),
        One("OneHot, along 0, of values", g => ArrayOps.OneHot(g.Ints(0, 4, 2, 3), 4, g.Of(), g.Of(), 0), Numbers, gradients: false),
        One("Pad", g => ArrayOps.Pad(g.Of(2, 3), new int[] { 1, 2, 0, 3 }.Reshaped(2, 2)), All),
        One("PadV2", g => ArrayOps.Pad(g.Of(2, 3), new int[] { 1, 2, 0, 3 }.Reshaped(2, 2), constantValues: g.Number(3)), Numbers),
        One("MirrorPad, reflecting", g => ArrayOps.Pad(g.Of(4, 3), new int[] { 1, 2, 0, 2 }.Reshaped(2, 2), PadMode.Reflect), Numbers),
        One("MirrorPad, symmetric", g => ArrayOps.Pad(g.Of(4, 3), new int[] { 1, 2, 0, 3 }.Reshaped(2, 2), PadMode.Symmetric), Numbers),
        One("PlaceholderWithDefault", g => g.Graph.PlaceholderWithDefault(g.Of(2, 3), new Shape(2, 3)), Numbers),
        One("PreventGradient", g => g.Graph.Add(new PreventGradientOp("a test"), [g.Of(2, 3)]), Numbers, gradients: false),
        One("Range", g => ArrayOps.Range(g.Number(1), g.Number(9), g.Number(2)), Numbers),
        One("Range backwards", g => ArrayOps.Range(g.Number(5), g.Number(-3), g.Number(-2)), Numbers),
        One("Rank", g => ArrayOps.Rank(g.Of(2, 3), optimize: false), Numbers),
        One("Reshape", g => ArrayOps.Reshape(g.Of(2, 6), new[] { 3, -1 }), AllAndBool),
        One("ReverseV2", g => ArrayOps.Reverse(g.Of(2, 3, 4), new[] { 0, 2 }), AllAndBool),
        One("Reverse", g => g.Graph.Add(new ReverseOp(), [g.Of(2, 3), g.Graph.Constant(TensorData.Vector<bool>([false, true]))]), Numbers),
        One("Shape", g => ArrayOps.Shape(g.Of(2, 3), optimize: false), Numbers),
        One("Shape as int64", g => ArrayOps.Shape(g.Of(2, 3), optimize: false, outType: DType.Int64), Numbers),
        new("ShapeN", g => ArrayOps.ShapeN([g.Of(2, 3), g.Of(4)]), Numbers),
        One("Size", g => ArrayOps.Size(g.Of(2, 3), optimize: false), Numbers),
        One("Slice", g => ArrayOps.Slice(g.Of(4, 5), new[] { 1, 2 }, new[] { 2, -1 }), AllAndBool),
        new("Split", g => ArrayOps.Split(g.Of(2, 6), 3, 1), AllAndBool),
        new("SplitV", g => ArrayOps.SplitV(g.Of(2, 6), new[] { 1, 3, 2 }, 1), AllAndBool),
        One("Squeeze", g => ArrayOps.Squeeze(g.Of(1, 3, 1), [0]), AllAndBool),
        One("Pack", g => ArrayOps.Stack([g.Of(2, 3), g.Of(2, 3)], 1), AllAndBool),
        new("Unpack", g => ArrayOps.Unstack(g.Of(2, 3), axis: 1), AllAndBool),
        One("StopGradient", g => ArrayOps.StopGradient(g.Of(2, 3)), Numbers),
        One("StridedSlice", g => ArrayOps.StridedSlice(g.Of(5, 6), new[] { 4, 1 }, new[] { 0, 6 }, new[] { -2, 3 }), AllAndBool),
        One("StridedSlice with masks", g => ArrayOps.GetItem(g.Of(3, 4, 5), 1.., 2), AllAndBool),
        One("StridedSlice with new axis", g => ArrayOps.StridedSlice(g.Of(3, 4), new[] { 0, 0, 1 }, new[] { 0, 0, 3 }, new[] { 1, 1, 1 }, ellipsisMask: 1, newAxisMask: 2), Numbers),
        One("Tile", g => ArrayOps.Tile(g.Of(2, 3), new[] { 2, 3 }), Numbers),
        One("Transpose", g => ArrayOps.Transpose(g.Of(2, 3, 4), new[] { 2, 0, 1 }), AllAndBool),
        One("Transpose, large", g => ArrayOps.Transpose(g.Of(70, 90)), Numbers),
        One("Zeros", g => ArrayOps.Zeros(g.Graph.Constant(TensorData.Vector<int>([3, 4])), g.Type), Numbers),
    ];

    private static NumSharp.NDArray Reshaped(this int[] values, params int[] dims) => TensorData.Of<int>(values, dims).ToNDArray();
}
