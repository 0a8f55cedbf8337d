namespace AlexNetTF.Onnx;

/// <summary>How each of TensorFlow's ops is said in ONNX. To add one: a method in its family, a line here.</summary>
internal static class OnnxLowerings
{
    /// <summary>The values of the op's outputs, after adding its nodes.</summary>
    public static OnnxValue[] Lower(OnnxExporter to, Operation op) => op.Type switch
    {
        "Identity" or "StopGradient" or "PreventGradient" => [to.Value(op.Inputs[0])],
        "Conv2D" => ConvolutionLowering.Conv2D(to, op),
        "BiasAdd" => ConvolutionLowering.BiasAdd(to, op),
        "MaxPool" => PoolLowering.Max(to, op),
        "AvgPool" => PoolLowering.Average(to, op),
        "LRN" => PoolLowering.Lrn(to, op),
        "MatMul" => DenseLowering.MatMul(to, op),
        "Softmax" or "LogSoftmax" => DenseLowering.Softmax(to, op),
        "Relu" or "Sigmoid" or "Tanh" or "Exp" or "Log" or "Sqrt" or "Abs" or "Neg" or "Floor" or "Ceil" or "Reciprocal" => ElementLowering.Unary(to, op, op.Type),
        "Square" => ElementLowering.Square(to, op),
        "Rsqrt" => ElementLowering.Rsqrt(to, op),
        "Add" or "AddV2" => ElementLowering.Binary(to, op, "Add", neutral: 0),
        "Sub" => ElementLowering.Binary(to, op, "Sub"),
        "Mul" => ElementLowering.Mul(to, op),
        "RealDiv" => ElementLowering.Binary(to, op, "Div"),
        "Maximum" => ElementLowering.Binary(to, op, "Max"),
        "Minimum" => ElementLowering.Binary(to, op, "Min"),
        "Pow" => ElementLowering.Binary(to, op, "Pow"),
        "Cast" => ElementLowering.Cast(to, op),
        "Reshape" => ShapeLowering.Reshape(to, op),
        "Pad" or "PadV2" => ShapeLowering.Pad(to, op),
        "Split" or "SplitV" => ShapeLowering.Split(to, op),
        "Concat" or "ConcatV2" => ShapeLowering.Concat(to, op),
        "Transpose" => ShapeLowering.Transpose(to, op),
        "Squeeze" => ShapeLowering.Squeeze(to, op),
        "ExpandDims" => ShapeLowering.ExpandDims(to, op),
        "Mean" => ReductionLowering.Reduce(to, op, "ReduceMean"),
        "Sum" => ReductionLowering.Reduce(to, op, "ReduceSum"),
        "Max" => ReductionLowering.Reduce(to, op, "ReduceMax"),
        "Min" => ReductionLowering.Reduce(to, op, "ReduceMin"),
        "ArgMax" => ReductionLowering.ArgMax(to, op),
        _ when to.IsRandom(op.Outputs[0]) => to.Refuse(op, "depends on numbers drawn at random; export with a keepProb of 1"),
        _ => to.Refuse(op, "has no counterpart here"),
    };
}
