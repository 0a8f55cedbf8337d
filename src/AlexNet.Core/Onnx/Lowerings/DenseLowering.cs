namespace AlexNetTF.Onnx;

/// <summary>Matrix products and softmax.</summary>
internal static class DenseLowering
{
    public static OnnxValue[] MatMul(OnnxExporter to, Operation op)
    {
        if (Transposes(op) is (false, false))
        {
            return [new(to.Graph.Add("MatMul", OnnxExporter.NameOf(op.Output), [to.Nhwc(op.Inputs[0]), to.Nhwc(op.Inputs[1])]), false)];
        }

        return Gemm(to, op, null, op.Output) ?? to.Refuse(op, "transposes operands that are no matrices");
    }

    /// <summary>x · W + b as one node, W in TensorFlow's order; null where the operands are no matrices.</summary>
    public static OnnxValue[]? Gemm(OnnxExporter to, Operation op, Tensor? bias, Tensor result)
    {
        if (op.Inputs.Any(input => input.Shape is not { HasRank: true, Rank: 2 })) return null;
        (bool first, bool second) = Transposes(op);
        var inputs = new List<string> { to.Nhwc(op.Inputs[0]), to.Nhwc(op.Inputs[1]) };
        if (bias is not null) inputs.Add(to.Nhwc(bias));
        string name = to.Graph.Add("Gemm", OnnxExporter.NameOf(result), inputs, OnnxGraph.Int("transA", first ? 1 : 0), OnnxGraph.Int("transB", second ? 1 : 0));
        return [new(name, ChannelsFirst: false)];
    }

    /// <summary>Along the last dimension of TensorFlow's order.</summary>
    public static OnnxValue[] Softmax(OnnxExporter to, Operation op) =>
        [new(to.Graph.Add(op.Type, OnnxExporter.NameOf(op.Output), [to.Nhwc(op.Inputs[0])], OnnxGraph.Int("axis", -1)), false)];

    private static (bool First, bool Second) Transposes(Operation op)
    {
        AttributeMap attributes = op.GetAttributes();
        return ((bool)attributes["transpose_a"]!, (bool)attributes["transpose_b"]!);
    }
}
