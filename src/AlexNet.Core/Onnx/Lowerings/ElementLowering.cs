namespace AlexNetTF.Onnx;

/// <summary>Ops that treat every element alike: they work in whichever order their inputs have.</summary>
internal static class ElementLowering
{
    public static OnnxValue[] Unary(OnnxExporter to, Operation op, string type)
    {
        OnnxValue x = to.Value(op.Inputs[0]);
        return [x with { Name = to.Graph.Add(type, OnnxExporter.NameOf(op.Output), [x.Name]) }];
    }

    public static OnnxValue[] Square(OnnxExporter to, Operation op)
    {
        OnnxValue x = to.Value(op.Inputs[0]);
        return [x with { Name = to.Graph.Add("Mul", OnnxExporter.NameOf(op.Output), [x.Name, x.Name]) }];
    }

    public static OnnxValue[] Rsqrt(OnnxExporter to, Operation op)
    {
        OnnxValue x = to.Value(op.Inputs[0]);
        string root = to.Graph.Add("Sqrt", OnnxExporter.NameOf(op.Output) + "/sqrt", [x.Name]);
        return [x with { Name = to.Graph.Add("Reciprocal", OnnxExporter.NameOf(op.Output), [root]) }];
    }

    public static OnnxValue[] Cast(OnnxExporter to, Operation op)
    {
        OnnxValue x = to.Value(op.Inputs[0]);
        return [x with { Name = to.Graph.Add("Cast", OnnxExporter.NameOf(op.Output), [x.Name], OnnxGraph.Int("to", (long)OnnxTypes.Of(op.Output.DType))) }];
    }

    /// <summary>
    /// A product; as the end of a dropout, x · scale · Cast(noise ≥ rate), it is x itself if the rate is 0, since noise is
    /// never negative.
    /// </summary>
    public static OnnxValue[] Mul(OnnxExporter to, Operation op)
    {
        if (op.Inputs[1].Op is not { Type: "Cast", Inputs: [{ Op: { Type: "GreaterEqual" } kept }] } || !to.IsRandom(kept.Inputs[0])) return Binary(to, op, "Mul", neutral: 1);
        if (!to.IsConstant(kept.Inputs[1])) return to.Refuse(op, "drops results by a rate that the model's inputs decide");
        float rate = to.Constant(kept.Inputs[1]).AsSpan<float>()[0];
        return rate <= 0 ? [to.Value(op.Inputs[0])] : to.Refuse(op, $"drops a share of {rate} of its input at random; export with a keepProb of 1");
    }

    /// <summary>Two operands that are broadcast; where one is a constant number that changes nothing, the other.</summary>
    public static OnnxValue[] Binary(OnnxExporter to, Operation op, string type, float? neutral = null)
    {
        (Tensor a, Tensor b) = (op.Inputs[0], op.Inputs[1]);
        if (neutral is { } number && Is(to, b, number)) return [to.Value(a)];
        if (neutral is { } same && Is(to, a, same)) return [to.Value(b)];
        bool channelsFirst = (IsChannelsFirst(to, a) || IsChannelsFirst(to, b)) && CanBeFirst(to, a) && CanBeFirst(to, b);
        string name = to.Graph.Add(type, OnnxExporter.NameOf(op.Output), [Operand(to, a, channelsFirst), Operand(to, b, channelsFirst)]);
        return [new(name, channelsFirst)];
    }

    private static bool Is(OnnxExporter to, Tensor tensor, float number) =>
        to.IsConstant(tensor) && tensor.DType == DType.Float32 && tensor.Shape is { HasRank: true, Rank: 0 } && to.Constant(tensor).AsSpan<float>()[0] == number;

    private static bool IsChannelsFirst(OnnxExporter to, Tensor tensor) => !to.IsConstant(tensor) && to.Value(tensor).ChannelsFirst;

    private static bool CanBeFirst(OnnxExporter to, Tensor tensor) =>
        tensor.Shape.HasRank && (tensor.Shape.Rank is 0 or 4 || (to.IsConstant(tensor) && tensor.Shape.Rank == 1));

    // A constant vector runs along the channels.
    private static string Operand(OnnxExporter to, Tensor tensor, bool channelsFirst) => (channelsFirst, tensor.Shape.HasRank ? tensor.Shape.Rank : -1) switch
    {
        (true, 4) => to.Nchw(tensor),
        (true, 1) => to.StoreAs(tensor, (int)to.Constant(tensor).Count, 1, 1),
        _ => to.Nhwc(tensor),
    };
}
