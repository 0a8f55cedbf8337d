namespace AlexNetTF.Onnx;

/// <summary>Convolutions, with a bias behind them, and in groups.</summary>
internal static class ConvolutionLowering
{
    private static readonly int[] FilterAxes = [3, 2, 0, 1];

    public static OnnxValue[] Conv2D(OnnxExporter to, Operation op) => Convolve(to, ConvolutionPattern.Of(op)!, null, op.Output);

    public static OnnxValue[] BiasAdd(OnnxExporter to, Operation op)
    {
        (Tensor x, Tensor bias) = (op.Inputs[0], op.Inputs[1]);
        if (to.IsConstant(bias) && to.IsUsedOnce(x) && !to.IsConstant(x))
        {
            if ((ConvolutionPattern.Of(x.Op) ?? ConvolutionPattern.InGroups(to, x.Op)) is { } convolution) return Convolve(to, convolution, bias, op.Output);
            if (x.Op.Type == "MatMul" && DenseLowering.Gemm(to, x.Op, bias, op.Output) is { } dense) return dense;
        }

        OnnxValue value = to.Value(x);
        string addend = value.ChannelsFirst && to.IsConstant(bias) ? to.StoreAs(bias, (int)to.Constant(bias).Count, 1, 1) : to.Nhwc(bias);
        bool first = value.ChannelsFirst && to.IsConstant(bias);
        return [new(to.Graph.Add("Add", OnnxExporter.NameOf(op.Output), [first ? value.Name : to.Nhwc(x), addend]), first)];
    }

    /// <summary>One Conv node. Filters [height, width, in, out] become [out, in, height, width]; a Pad before becomes the node's own.</summary>
    public static OnnxValue[] Convolve(OnnxExporter to, ConvolutionPattern convolution, Tensor? bias, Tensor result)
    {
        Shape filter = convolution.Filter.Shape;
        if (filter[0] is not { } height || filter[1] is not { } width) return to.Refuse(result.Op, "has filters of unknown size");
        Tensor x = convolution.Input;
        (long Top, long Left, long Bottom, long Right)? padded = ZeroPadding(to, x);
        var window = new OnnxWindow(convolution.Attributes, x.Shape, [height, width], convolution.Attributes["dilations"]);
        if (window.IsOpen) padded = null;
        if (padded is not null) x = x.Op.Inputs[0];

        var inputs = new List<string> { to.Nchw(x), Filters(to, convolution.Filter, result) };
        if (bias is not null) inputs.Add(to.Nhwc(bias));
        long groups = x.Shape[3] is { } channels && filter[2] is > 0 and { } each ? channels / each : convolution.Groups;
        string name = to.Graph.Add(
            "Conv",
            OnnxExporter.NameOf(result),
            inputs,
            [OnnxGraph.Ints("kernel_shape", height, width), OnnxGraph.Int("group", groups), .. window.Attributes(padded ?? default)]);
        return [new(name, ChannelsFirst: true)];
    }

    private static string Filters(OnnxExporter to, Tensor filter, Tensor result) => to.IsConstant(filter)
        ? to.Store(filter, FilterAxes)
        : to.Graph.Add("Transpose", OnnxExporter.NameOf(result) + "/filters", [to.Nhwc(filter)], OnnxGraph.Ints("perm", FilterAxes.Select(axis => (long)axis)));

    // The zeros that a Pad op adds to height and width, where it does nothing else.
    private static (long Top, long Left, long Bottom, long Right)? ZeroPadding(OnnxExporter to, Tensor x) =>
        x.Op.Type == "Pad" && to.IsUsedOnce(x) && to.Integers(x.Op.Inputs[1]) is [0, 0, var top, var bottom, var left, var right, 0, 0]
            ? (top, left, bottom, right)
            : null;
}

/// <summary>A convolution as one node, or as the article writes it in groups: split, convolved in parts, concatenated.</summary>
internal sealed record ConvolutionPattern(Tensor Input, Tensor Filter, AttributeMap Attributes, int Groups)
{
    public static ConvolutionPattern? Of(Operation op) =>
        op.Type == "Conv2D" ? new ConvolutionPattern(op.Inputs[0], op.Inputs[1], op.GetAttributes(), 1) : null;

    /// <summary>
    /// ConcatV2(Conv2D(Split(x)[i], Split(filter)[i]) …) along the channels: the same as one convolution in groups, as the
    /// parts of the filter stand one behind the other in the whole one.
    /// </summary>
    public static ConvolutionPattern? InGroups(OnnxExporter to, Operation op)
    {
        if (op.Type != "ConcatV2" || !IsLast(to, op.Inputs[^1])) return null;
        Operation[] parts = [.. op.Inputs.SkipLast(1).Select(part => part.Op)];
        if (parts.Any(part => part.Type != "Conv2D" || !to.IsUsedOnce(part.Output))) return null;
        if (Whole(to, parts, 0) is not { } input || Whole(to, parts, 1) is not { } filter || !to.IsConstant(filter)) return null;
        AttributeMap attributes = parts[0].GetAttributes();
        bool alike = parts.All(part => Same(part.GetAttributes(), attributes));
        return alike ? new ConvolutionPattern(input, filter, attributes, parts.Length) : null;
    }

    // What was split along the last axis into as many parts as there are convolutions, part i going to convolution i.
    private static Tensor? Whole(OnnxExporter to, Operation[] parts, int input)
    {
        Operation split = parts[0].Inputs[input].Op;
        bool inOrder = split.Type == "Split" && split.Outputs.Count == parts.Length && IsLast(to, split.Inputs[0])
            && parts.Select((part, i) => part.Inputs[input] == split.Outputs[i]).All(same => same);
        return inOrder ? split.Inputs[1] : null;
    }

    private static bool IsLast(OnnxExporter to, Tensor axis) => to.Integers(axis) is [3 or -1];

    private static bool Same(AttributeMap one, AttributeMap other) =>
        Equals(one["padding"], other["padding"]) && SameList(one, other, "strides") && SameList(one, other, "dilations") && SameList(one, other, "explicit_paddings");

    private static bool SameList(AttributeMap one, AttributeMap other, string name) => ((long[])one[name]!).SequenceEqual((long[])other[name]!);
}
