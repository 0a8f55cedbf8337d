using System.Text.Json;
using AlexNetTF.Testing;
using NumSharp;
using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Ops;

/// <content>Convolution, pooling, normalisation, activations, losses, matrix products.</content>
public partial class GoldenOpsTests
{
    static partial void AddNn(GoldenTable table)
    {
        table.Add("relu", g => g.Output("y", NN.Relu(g["x"])));
        table.Add("bias_add", g => g.Output("y", NN.BiasAdd(g["x"], g["b"])));
        table.Add("xw_plus_b", g => g.Output("y", NN.XwPlusB(g["x"], g["w"], g["b"])));
        table.Add("matmul", g => g.Output("y", MathOps.MatMul(g["a"], g["b"], g.Attrs.Bool("transpose_a", false), g.Attrs.Bool("transpose_b", false))));
        table.Add("max_pool", g => g.Output("y", NN.MaxPool(g["x"], g.Attrs.Ints("ksize"), g.Attrs.Ints("strides"), SamePadding(g))));
        table.Add("avg_pool", g => g.Output("y", NN.AvgPool(g["x"], g.Attrs.Ints("ksize"), g.Attrs.Ints("strides"), SamePadding(g))));
        table.Add("conv2d", g => g.Output("y", Conv(g, g["x"], g["w"])), GoldenRule.Convolution);
        table.Add("pad_conv2d", g => g.Output("y", Conv(g, ArrayOps.Pad(g["x"], Pairs(g.Attrs.Get("pad_before"))), g["w"])), GoldenRule.Convolution);
        table.Add("conv2d_grouped", g => g.Output("y", ConvInGroups(g)), GoldenRule.Convolution);
        table.Add("softmax", g =>
        {
            g.Output("softmax", () => NN.Softmax(g["x"]));
            g.Output("log_softmax", () => NN.LogSoftmax(g["x"]));
        });
        table.Add("softmax_cross_entropy_with_logits", g => g.Output("loss", Reduced(g, NN.SoftmaxCrossEntropyWithLogits(g["labels"], g["logits"]))));
        table.Add("softmax_cross_entropy_with_logits_v2", g => g.Output("loss", Reduced(g, NN.SoftmaxCrossEntropyWithLogitsV2(g["labels"], g["logits"]))));
        table.Add("sparse_softmax_cross_entropy_with_logits", g => g.Output("loss", Reduced(g, NN.SparseSoftmaxCrossEntropyWithLogits(g["labels"], g["logits"]))));
        table.Add("lrn", g => g.Output("y", Lrn(g)));
    }

    private static Tensor Lrn(GoldenGraph g) =>
        NN.Lrn(g["x"], g.Attrs.Int("depth_radius", 5), g.Attrs.Float("bias", 1), g.Attrs.Float("alpha", 1), g.Attrs.Float("beta", 0.5f));

    private static Tensor Reduced(GoldenGraph g, Tensor loss) => g.Attrs.Text("then", "") switch
    {
        "" => loss,
        "reduce_mean" => MathOps.Mean(loss),
        "reduce_sum" => MathOps.Sum(loss),
        var other => throw new InvalidDataException($"The tests do not know what {other} does to a loss."),
    };

    private static Tensor Conv(GoldenGraph g, Tensor x, Tensor w)
    {
        int[] strides = g.Attrs.Ints("strides");
        int[]? dilations = g.Attrs.IntsOrNull("dilations");
        JsonElement padding = g.Attrs.Get("padding");
        return padding.ValueKind == JsonValueKind.Array
            ? NN.Conv2D(x, w, strides, [.. padding.EnumerateArray().SelectMany(pair => pair.AsInts())], dilations)
            : NN.Conv2D(x, w, strides, SamePadding(g), dilations);
    }

    // As the article's network does it, so that both engines can train it.
    private static Tensor ConvInGroups(GoldenGraph g)
    {
        int groups = g.Attrs.Int("groups");
        IReadOnlyList<Tensor> xs = ArrayOps.Split(g["x"], groups, 3), ws = ArrayOps.Split(g["w"], groups, 3);
        return ArrayOps.Concat([.. xs.Zip(ws, (x, w) => Conv(g, x, w))], 3);
    }

    private static NDArray Pairs(JsonElement paddings) =>
        TensorData.Of<int>([.. paddings.EnumerateArray().SelectMany(pair => pair.AsInts())], [paddings.GetArrayLength(), 2]).ToNDArray();

    private static Padding SamePadding(GoldenGraph g) => g.Attrs.Text("padding") == "SAME" ? Padding.Same : Padding.Valid;
}
