namespace AlexNetTF.TensorFlow;

/// <summary>How the ops of the families Random and State are made from nodes.</summary>
internal static class StateFactories
{
    public static void AddTo(Dictionary<string, OpFactory> table)
    {
        AddRandom(table);
        AddStrings(table);
        table.Add<NoOpOp>("NoOp", 0);
        table.Add("VariableV2", 0, node => new VariableV2Op(node.Type("dtype"), KnownShape(node)));
        table.Add("Assign", 2, node => new AssignOp(node.Flag("use_locking", true)));
        table.Add<AssignAddOp>("AssignAdd", 2);
        table.Add<AssignSubOp>("AssignSub", 2);
        table.Add<IsVariableInitializedOp>("IsVariableInitialized", 1);
        table.Add<ApplyAdagradOp>("ApplyAdagrad", 4);
        table.Add("ApplyAdam", 10, node => new ApplyAdamOp(node.Flag("use_nesterov")));
        table.Add<ApplyCenteredRMSPropOp>("ApplyCenteredRMSProp", 9);
        table.Add<ApplyGradientDescentOp>("ApplyGradientDescent", 3);
        table.Add("ApplyMomentum", 5, node => new ApplyMomentumOp(node.Flag("use_nesterov")));
        table.Add<ApplyRMSPropOp>("ApplyRMSProp", 8);
    }

    private static void AddStrings(Dictionary<string, OpFactory> table)
    {
        table.Add<SaveV2Op>("SaveV2", OpFactory.AnyNumber);
        table.Add("RestoreV2", 3, node => new RestoreV2Op(node.Types("dtypes")));
        table.Add<ScalarSummaryOp>("ScalarSummary", 2);
        table.Add<HistogramSummaryOp>("HistogramSummary", 2);
        table.Add("ImageSummary", 2, node => new ImageSummaryOp(node.Int32("max_images", 3), BadColor(node)));
        table.Add<MergeSummaryOp>("MergeSummary", OpFactory.AnyNumber);
    }

    private static byte[] BadColor(NodeReader node)
    {
        if (!node.Node.Attr.ContainsKey("bad_color")) return ImageSummaryOp.Red;
        TensorData color = node.Tensor("bad_color");
        return color.Type == DType.UInt8 ? color.AsSpan<byte>().ToArray() : throw node.Error($"its bad_color is {color.Type.Name()}; it must be uint8.");
    }

    private static void AddRandom(Dictionary<string, OpFactory> table)
    {
        table.Add("RandomShuffle", 1, node => new RandomShuffleOp(node.Seeds()));
        table.Add("RandomStandardNormal", 1, node => new RandomStandardNormalOp(node.Type("dtype"), node.Seeds()));
        table.Add("RandomUniform", 1, node => new RandomUniformOp(node.Type("dtype"), node.Seeds()));
        table.Add("RandomUniformInt", 3, node => new RandomUniformIntOp(node.Seeds()));
        table.Add("TruncatedNormal", 1, node => new TruncatedNormalOp(node.Type("dtype"), node.Seeds()));
    }

    private static Shape KnownShape(NodeReader node) => node.ShapeOf("shape") is { IsFullyDefined: true } shape
        ? shape
        : throw node.Error("a variable needs a shape that is known.");
}
