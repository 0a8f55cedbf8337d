using System.Text.Json;
using AlexNetTF.Testing;
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
        table.Add("lrn", g => g.Output("y", Lrn(g)));
    }

    private static Tensor Lrn(GoldenGraph g) =>
        NN.Lrn(g["x"], g.Attrs.Int("depth_radius", 5), g.Attrs.Float("bias", 1), g.Attrs.Float("alpha", 1), g.Attrs.Float("beta", 0.5f));

    private static Padding SamePadding(GoldenGraph g) => g.Attrs.Text("padding") == "SAME" ? Padding.Same : Padding.Valid;
}
