namespace AlexNetTF.TensorFlow;

/// <summary>How the ops of the family Array are made from nodes.</summary>
internal static class ArrayFactories
{
    public static void AddTo(Dictionary<string, OpFactory> table)
    {
        AddValues(table);
        AddShapes(table);
        AddMoves(table);
    }

    private static void AddValues(Dictionary<string, OpFactory> table)
    {
        table.Add("Const", 0, node => new ConstOp(node.Tensor("value")));
        table.Add("Placeholder", 0, node => new PlaceholderOp(node.Type("dtype"), node.PlaceholderShape()));
        table.Add("PlaceholderWithDefault", 1, node => new PlaceholderWithDefaultOp(node.ShapeOf("shape")));
        table.Add<FillOp>("Fill", 2);
        table.Add<IdentityOp>("Identity", 1);
        table.Add<IdentityNOp>("IdentityN", OpFactory.AnyNumber);
        table.Add<OnesLikeOp>("OnesLike", 1);
        table.Add<ZerosLikeOp>("ZerosLike", 1);
        table.Add<StopGradientOp>("StopGradient", 1);
        table.Add("PreventGradient", 1, node => new PreventGradientOp(node.Text("message", "")));
        table.Add<RangeOp>("Range", 3);
        table.Add("OneHot", 4, node => new OneHotOp(node.Int32("axis", -1)));
    }

    private static void AddShapes(Dictionary<string, OpFactory> table)
    {
        table.Add<ReshapeOp>("Reshape", 2);
        table.Add<ExpandDimsOp>("ExpandDims", 2);
        table.Add("Squeeze", 1, node => new SqueezeOp(node.Integers("squeeze_dims", [])));
        table.Add("Shape", 1, node => new ShapeOp(node.Type("out_type", DType.Int32)));
        table.Add("ShapeN", OpFactory.AnyNumber, node => new ShapeNOp(node.Type("out_type", DType.Int32)));
        table.Add("Size", 1, node => new SizeOp(node.Type("out_type", DType.Int32)));
        table.Add<RankOp>("Rank", 1);
        table.Add<ConcatOffsetOp>("ConcatOffset", OpFactory.AnyNumber);
        table.Add<InvertPermutationOp>("InvertPermutation", 1);
        table.Add<ListDiffOp>("ListDiff", 2);
        table.Add<BroadcastToOp>("BroadcastTo", 2);
    }

    private static void AddMoves(Dictionary<string, OpFactory> table)
    {
        table.Add<ConcatOp>("Concat", OpFactory.AnyNumber);
        table.Add<ConcatV2Op>("ConcatV2", OpFactory.AnyNumber);
        table.Add<DynamicStitchOp>("DynamicStitch", OpFactory.AnyNumber);
        table.Add("Gather", 2, node => new GatherOp(node.Flag("validate_indices", true)));
        table.Add("GatherV2", 3, node => new GatherV2Op(node.Int32("batch_dims", 0)));
        table.Add<PadOp>("Pad", 2);
        table.Add<PadV2Op>("PadV2", 3);
        table.Add("MirrorPad", 2, node => new MirrorPadOp(Mode(node)));
        table.Add("MirrorPadGrad", 2, node => new MirrorPadGradOp(Mode(node)));
        table.Add("Pack", OpFactory.AnyNumber, node => new PackOp(node.Int32("axis", 0)));
        table.Add("Unpack", 1, node => new UnpackOp(node.Int32("num"), node.Int32("axis", 0)));
        table.Add<ReverseOp>("Reverse", 2);
        table.Add<ReverseV2Op>("ReverseV2", 2);
        table.Add<SliceOp>("Slice", 3);
        table.Add("Split", 2, node => new SplitOp(node.Int32("num_split")));
        table.Add("SplitV", 3, node => new SplitVOp(node.Int32("num_split")));
        table.Add("StridedSlice", 4, node => new StridedSliceOp(Masks(node)));
        table.Add("StridedSliceGrad", 5, node => new StridedSliceGradOp(Masks(node)));
        table.Add<TileOp>("Tile", 2);
        table.Add<TransposeOp>("Transpose", 2);
    }

    private static PadMode Mode(NodeReader node) => node.Text("mode") switch
    {
        "REFLECT" => PadMode.Reflect,
        "SYMMETRIC" => PadMode.Symmetric,
        var other => throw node.Error($"its mode is {other}; it must be REFLECT or SYMMETRIC."),
    };

    private static SliceMasks Masks(NodeReader node) => new(
        node.Int32("begin_mask", 0),
        node.Int32("end_mask", 0),
        node.Int32("ellipsis_mask", 0),
        node.Int32("new_axis_mask", 0),
        node.Int32("shrink_axis_mask", 0));
}
