namespace AlexNetTF.TensorFlow;

/// <summary>How the ops of the family Nn are made from nodes.</summary>
internal static class NnFactories
{
    public static void AddTo(Dictionary<string, OpFactory> table)
    {
        table.Add("AvgPool", 1, node => new AvgPoolOp(Pool(node)));
        table.Add("AvgPoolGrad", 2, node => new AvgPoolGradOp(Pool(node)));
        table.Add("MaxPool", 1, node => new MaxPoolOp(Pool(node)));
        table.Add("MaxPoolGrad", 3, node => new MaxPoolGradOp(Pool(node)));
        table.Add("BiasAdd", 2, node => new BiasAddOp(Format(node)));
        table.Add("BiasAddGrad", 1, node => new BiasAddGradOp(Format(node)));
        table.Add("Conv2D", 2, node => new Conv2DOp(Convolution(node)));
        table.Add("Conv2DBackpropFilter", 3, node => new Conv2DBackpropFilterOp(Convolution(node)));
        table.Add("Conv2DBackpropInput", 3, node => new Conv2DBackpropInputOp(Convolution(node)));
        table.Add<InTopKV2Op>("InTopKV2", 3);
        table.Add<L2LossOp>("L2Loss", 1);
        table.Add("LRN", 1, node => new LrnOp(Lrn(node)));
        table.Add("LRNGrad", 3, node => new LrnGradOp(Lrn(node)));
        table.Add<LogSoftmaxOp>("LogSoftmax", 1);
        table.Add<ReluOp>("Relu", 1);
        table.Add<ReluGradOp>("ReluGrad", 2);
        table.Add<SoftmaxOp>("Softmax", 1);
        table.Add<SoftmaxCrossEntropyWithLogitsOp>("SoftmaxCrossEntropyWithLogits", 2);
        table.Add<SparseSoftmaxCrossEntropyWithLogitsOp>("SparseSoftmaxCrossEntropyWithLogits", 2);
    }

    private static string Format(NodeReader node) => node.Text("data_format", "NHWC");

    private static WindowPadding PaddingOf(NodeReader node) => WindowPadding.Parse(node.Text("padding"), node.Integers("explicit_paddings", []));

    private static PoolAttributes Pool(NodeReader node) => new(node.Integers("ksize", length: 4), node.Integers("strides", length: 4), PaddingOf(node), Format(node));

    private static ConvAttributes Convolution(NodeReader node) => new(
        node.Integers("strides", length: 4),
        PaddingOf(node),
        node.Integers("dilations", [1, 1, 1, 1], length: 4),
        Format(node),
        node.Flag("use_cudnn_on_gpu", true));

    private static LrnAttributes Lrn(NodeReader node) => new(node.Int32("depth_radius", 5), node.Float("bias", 1), node.Float("alpha", 1), node.Float("beta", 0.5f));
}
