using AlexNetTF.Onnx.Protos;

namespace AlexNetTF.Onnx;

/// <summary>Sums, means, extremes and their places, along dimensions of TensorFlow's order.</summary>
internal static class ReductionLowering
{
    public static OnnxValue[] Reduce(OnnxExporter to, Operation op, string type)
    {
        if (to.Integers(op.Inputs[1]) is not { } axes) return to.Refuse(op, "takes axes that are computed from the model's input");
        // No axes leave all as it is in TensorFlow; ONNX would reduce everything.
        if (axes.Length == 0) return [to.Value(op.Inputs[0])];
        AttributeProto kept = OnnxGraph.Int("keepdims", (bool)op.GetAttributes()["keep_dims"]! ? 1 : 0);
        string name = OnnxExporter.NameOf(op.Output), x = to.Nhwc(op.Inputs[0]);
        // In opset 13 the sum alone takes its axes as an input.
        return type == "ReduceSum"
            ? [new(to.Graph.Add(type, name, [x, to.Graph.Store(op.Name + "/axes", axes)], kept), false)]
            : [new(to.Graph.Add(type, name, [x], OnnxGraph.Ints("axes", axes), kept), false)];
    }

    /// <summary>The first place of the largest value; ONNX gives int64.</summary>
    public static OnnxValue[] ArgMax(OnnxExporter to, Operation op)
    {
        if (to.Integers(op.Inputs[1]) is not [var axis]) return to.Refuse(op, "takes an axis that is computed from the model's input");
        string name = OnnxExporter.NameOf(op.Output);
        bool isLong = op.Output.DType == DType.Int64;
        string place = to.Graph.Add("ArgMax", isLong ? name : name + "/int64", [to.Nhwc(op.Inputs[0])], OnnxGraph.Int("axis", axis), OnnxGraph.Int("keepdims", 0));
        return [new(isLong ? place : to.Graph.Add("Cast", name, [place], OnnxGraph.Int("to", (long)OnnxTypes.Of(op.Output.DType))), false)];
    }
}
