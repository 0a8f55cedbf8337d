using AlexNetTF.Onnx.Protos;

namespace AlexNetTF.Onnx;

/// <summary>Pooling and local response normalization.</summary>
internal static class PoolLowering
{
    public static OnnxValue[] Max(OnnxExporter to, Operation op) => Pool(to, op, "MaxPool");

    // Cells outside the picture do not count, in TensorFlow as in ONNX by default.
    public static OnnxValue[] Average(OnnxExporter to, Operation op) => Pool(to, op, "AveragePool");

    /// <summary>
    /// TensorFlow: x / (bias + alpha · Σ x²)^beta over 2 · depth_radius + 1 channels. ONNX: x / (bias + alpha / size · Σ x²)^beta
    /// over size channels. So size = 2 · depth_radius + 1 and ONNX's alpha is TensorFlow's times size.
    /// </summary>
    public static OnnxValue[] Lrn(OnnxExporter to, Operation op)
    {
        AttributeMap attributes = op.GetAttributes();
        long size = (2 * (long)attributes["depth_radius"]!) + 1;
        string name = to.Graph.Add(
            "LRN",
            OnnxExporter.NameOf(op.Output),
            [to.Nchw(op.Inputs[0])],
            OnnxGraph.Int("size", size),
            OnnxGraph.Float("alpha", (float)attributes["alpha"]! * size),
            OnnxGraph.Float("beta", (float)attributes["beta"]!),
            OnnxGraph.Float("bias", (float)attributes["bias"]!));
        return [new(name, ChannelsFirst: true)];
    }

    private static OnnxValue[] Pool(OnnxExporter to, Operation op, string type)
    {
        AttributeMap attributes = op.GetAttributes();
        var sizes = (long[])attributes["ksize"]!;
        var window = new OnnxWindow(attributes, op.Inputs[0].Shape, [(int)sizes[1], (int)sizes[2]]);
        AttributeProto[] all = [OnnxGraph.Ints("kernel_shape", sizes[1], sizes[2]), .. window.Attributes()];
        return [new(to.Graph.Add(type, OnnxExporter.NameOf(op.Output), [to.Nchw(op.Inputs[0])], all), ChannelsFirst: true)];
    }
}
