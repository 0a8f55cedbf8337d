namespace AlexNetTF.Onnx;

/// <summary>Ops that move or regroup elements.</summary>
internal static class ShapeLowering
{
    // Where each dimension of [batch, height, width, channels] stands in [batch, channels, height, width].
    private static readonly int[] Place = [0, 2, 3, 1];

    /// <summary>Sizes with −1 are ONNX's too. The article restates a convolution's shape behind it, which changes nothing.</summary>
    public static OnnxValue[] Reshape(OnnxExporter to, Operation op)
    {
        Tensor x = op.Inputs[0];
        if (x.Shape.HasRank && x.Shape.Equals(op.Output.Shape) && x.Shape.Count(size => size is null) <= 1) return [to.Value(x)];
        if (to.Integers(op.Inputs[1]) is not { } sizes) return to.Refuse(op, "takes a shape that is computed from the model's input");
        // In ONNX a size of 0 would copy the input's.
        if (sizes.Contains(0)) return to.Refuse(op, "makes a tensor without elements");
        return Named(to, op, "Reshape", [to.Nhwc(x), to.Graph.Store(op.Name + "/shape", sizes)]);
    }

    public static OnnxValue[] Pad(OnnxExporter to, Operation op)
    {
        if (to.Integers(op.Inputs[1]) is not { } sizes) return to.Refuse(op, "takes paddings that are computed from the model's input");
        OnnxValue x = to.Value(op.Inputs[0]);
        int rank = sizes.Length / 2;
        var pads = new long[sizes.Length];
        for (int axis = 0; axis < rank; axis++)
        {
            int place = x.ChannelsFirst ? Place[axis] : axis;
            (pads[place], pads[rank + place]) = (sizes[2 * axis], sizes[(2 * axis) + 1]);
        }

        List<string> inputs = [x.Name, to.Graph.Store(op.Name + "/paddings", pads)];
        if (op.Inputs.Count == 3) inputs.Add(to.Nhwc(op.Inputs[2]));
        return [x with { Name = to.Graph.Add("Pad", OnnxExporter.NameOf(op.Output), inputs) }];
    }

    public static OnnxValue[] Split(OnnxExporter to, Operation op)
    {
        (Tensor x, Tensor axisOf) = op.Type == "Split" ? (op.Inputs[1], op.Inputs[0]) : (op.Inputs[0], op.Inputs[2]);
        if (to.Integers(axisOf) is not [var given] || !x.Shape.HasRank) return to.Refuse(op, "splits along an axis that is not known");
        int axis = (int)(given < 0 ? given + x.Shape.Rank : given);
        int?[] sizes = [.. op.Outputs.Select(output => output.Shape[axis])];
        if (sizes.Any(size => size is null)) return to.Refuse(op, "splits into parts of unknown size");
        OnnxValue value = to.Value(x);
        string[] names = to.Graph.Add(
            "Split",
            [.. op.Outputs.Select(OnnxExporter.NameOf)],
            [value.Name, to.Graph.Store(op.Name + "/sizes", [.. sizes.Select(size => (long)size!.Value)])],
            OnnxGraph.Int("axis", value.ChannelsFirst ? Place[axis] : axis));
        return [.. names.Select(name => value with { Name = name })];
    }

    public static OnnxValue[] Concat(OnnxExporter to, Operation op)
    {
        if (op.Type == "ConcatV2" && ConvolutionPattern.InGroups(to, op) is { } grouped) return ConvolutionLowering.Convolve(to, grouped, null, op.Output);
        (Tensor[] parts, Tensor axisOf) = op.Type == "Concat" ? (op.Inputs.Skip(1).ToArray(), op.Inputs[0]) : (op.Inputs.SkipLast(1).ToArray(), op.Inputs[^1]);
        if (to.Integers(axisOf) is not [var given] || !op.Output.Shape.HasRank) return to.Refuse(op, "joins along an axis that is not known");
        int axis = (int)(given < 0 ? given + op.Output.Shape.Rank : given);
        bool channelsFirst = parts.Any(part => !to.IsConstant(part) && to.Value(part).ChannelsFirst);
        string name = to.Graph.Add(
            "Concat",
            OnnxExporter.NameOf(op.Output),
            parts.Select(part => channelsFirst ? to.Nchw(part) : to.Nhwc(part)).ToArray(),
            OnnxGraph.Int("axis", channelsFirst ? Place[axis] : axis));
        return [new(name, channelsFirst)];
    }

    public static OnnxValue[] Transpose(OnnxExporter to, Operation op)
    {
        if (to.Integers(op.Inputs[1]) is not { } order) return to.Refuse(op, "takes an order that is computed from the model's input");
        OnnxValue x = to.Value(op.Inputs[0]);
        // From channels first to channels first, or back: the elements may lie right already.
        if (x.ChannelsFirst && order is [0, 3, 1, 2]) return [x with { ChannelsFirst = false }];
        return [new(to.Graph.Add("Transpose", OnnxExporter.NameOf(op.Output), [to.Nhwc(op.Inputs[0])], OnnxGraph.Ints("perm", order)), false)];
    }

    public static OnnxValue[] Squeeze(OnnxExporter to, Operation op)
    {
        var axes = (long[])op.GetAttributes()["squeeze_dims"]!;
        List<string> inputs = [to.Nhwc(op.Inputs[0])];
        if (axes.Length > 0) inputs.Add(to.Graph.Store(op.Name + "/axes", axes));
        return Named(to, op, "Squeeze", inputs);
    }

    public static OnnxValue[] ExpandDims(OnnxExporter to, Operation op) => to.Integers(op.Inputs[1]) is [var axis]
        ? Named(to, op, "Unsqueeze", [to.Nhwc(op.Inputs[0]), to.Graph.Store(op.Name + "/axis", axis)])
        : to.Refuse(op, "takes an axis that is computed from the model's input");

    private static OnnxValue[] Named(OnnxExporter to, Operation op, string type, List<string> inputs) =>
        [new(to.Graph.Add(type, OnnxExporter.NameOf(op.Output), inputs), ChannelsFirst: false)];
}
