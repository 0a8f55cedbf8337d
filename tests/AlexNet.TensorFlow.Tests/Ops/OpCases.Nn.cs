using NN = AlexNetTF.Nn;

namespace AlexNetTF.TensorFlow.Tests;

/// <content>Layers, random numbers, variables.</content>
internal static partial class OpCases
{
    private static IEnumerable<OpCase> Network =>
    [
        One("BiasAdd", g => NN.BiasAdd(g.Of(2, 3, 4, 5), g.Of(5)), Floats),
        One("XwPlusB", g => NN.XwPlusB(g.Of(2, 3), g.Of(3, 5), g.Of(5)), Floats),
        One("Relu", g => NN.Relu(g.Whole(-3, 3, 2, 30)), All, Judge.Exact),
        One("Softmax", g => NN.Softmax(g.Of(3, 17)), Floats),
        One("LogSoftmax", g => NN.LogSoftmax(g.Of(3, 17)), Floats),
        One("SoftmaxCrossEntropyWithLogits", g => NN.SoftmaxCrossEntropyWithLogits(ArrayOps.StopGradient(NN.Softmax(g.Of(3, 7))), g.Of(3, 7)), Floats),
        One("SoftmaxCrossEntropyWithLogitsV2", g => NN.SoftmaxCrossEntropyWithLogitsV2(g.In(0, 1, 3, 7), g.Of(3, 7)), Floats),
        One("SparseSoftmaxCrossEntropyWithLogits", g => NN.SparseSoftmaxCrossEntropyWithLogits(g.Ints(0, 7, 3), g.Of(3, 7)), Floats),
        One("InTopKV2", g => NN.InTopK(g.Whole(0, 5, 9, 6), g.Ints(0, 6, 9), 2), [DType.Float32], Judge.Exact, gradients: false),
        .. from size in new (int Kernel, int Stride)[] { (2, 2), (3, 2), (3, 1), (1, 2) }
           from padding in new[] { Padding.Same, Padding.Valid }
           from op in new (string Name, Func<Tensor, int[], int[], Padding, Tensor> Make, Judge Judge)[]
           {
               ("MaxPool", (x, k, s, p) => NN.MaxPool(x, k, s, p), Judge.General), ("AvgPool", (x, k, s, p) => NN.AvgPool(x, k, s, p), Judge.General),
           }
           select One($"{op.Name} {size.Kernel} by {size.Stride}, {padding}", g => op.Make(g.Whole(-6, 6, 2, 7, 8, 19), [1, size.Kernel, size.Kernel, 1], [1, size.Stride, size.Stride, 1], padding), Floats, op.Judge),
        .. from form in new (int Kernel, int Stride, int Channels, int Filters, int Size)[] { (3, 1, 8, 16, 13), (5, 1, 4, 8, 11), (11, 4, 3, 16, 43), (1, 2, 5, 7, 6), (3, 2, 3, 5, 9), (2, 1, 3, 4, 5) }
           from padding in new[] { Padding.Same, Padding.Valid }
           select One(
               $"Conv2D {form.Kernel} by {form.Stride} of {form.Channels}, {padding}",
               g => NN.Conv2D(g.In(-1, 1, 2, form.Size, form.Size + 1, form.Channels), g.In(-1, 1, form.Kernel, form.Kernel, form.Channels, form.Filters), [1, form.Stride, form.Stride, 1], padding),
               Floats,
               Judge.Convolution),
        One("Conv2D, explicit padding", g => NN.Conv2D(g.In(-1, 1, 1, 7, 7, 4), g.In(-1, 1, 3, 3, 4, 5), [1, 1, 1, 1], [0, 0, 1, 0, 2, 1, 0, 0]), Floats, Judge.Convolution),
        One("Conv2D, dilated", g => NN.Conv2D(g.In(-1, 1, 1, 9, 9, 4), g.In(-1, 1, 3, 3, 4, 5), [1, 1, 1, 1], Padding.Same, [1, 2, 2, 1]), Floats, Judge.Convolution, gradients: false),
        One("Conv2D in groups", Grouped, Floats, Judge.Convolution),
        .. from form in new (int Radius, float Alpha, float Beta, float Bias)[] { (2, 2e-5f, 0.75f, 1f), (5, 1f, 0.5f, 1f), (1, 0.3f, 1f, 2f), (3, 0.01f, 0.6f, 0.5f) }
           select One($"LRN {form}", g => NN.Lrn(g.In(-3, 3, 2, 3, 4, 21), form.Radius, form.Bias, form.Alpha, form.Beta), [DType.Float32]),
    ];

    private static IEnumerable<OpCase> RandomNumbers =>
    [
        One("RandomUniform", g => g.Graph.RandomUniform(new[] { 7, 11 }, type: g.Type, seed: 3), Floats, Judge.Exact, runs: 3),
        One("RandomUniform between", g => g.Graph.RandomUniform(new[] { 70, 110 }, -2, 3, g.Type, seed: 3), Floats, runs: 2),
        One("RandomUniformInt", g => g.Graph.RandomUniform(new[] { 7, 11 }, -5, 90, g.Type, seed: 4), [DType.Int32, DType.Int64], runs: 3),
        One("RandomStandardNormal", g => g.Graph.RandomNormal(new[] { 7, 11 }, type: g.Type, seed: 5), Floats, Judge.Normal, runs: 3),
        One("TruncatedNormal", g => g.Graph.TruncatedNormal(new[] { 7, 11 }, type: g.Type, seed: 6), Floats, Judge.Normal, runs: 3),
        One("RandomShuffle", g => RandomOps.RandomShuffle(g.Of(23, 2), 7), Numbers, Judge.Exact, gradients: false, runs: 3),
        new("Dropout", g => [NN.Dropout(g.Of(5, 31), 0.5f, seed: 8)], [DType.Float32], Runs: 3),
    ];

    private static IEnumerable<OpCase> State =>
    [
        Updated("Assign", 1, (g, v) => StateOps.Assign(v[0], g.Of(5)), Numbers),
        Updated("AssignAdd", 1, (g, v) => StateOps.AssignAdd(v[0], g.Of(5)), Numbers),
        Updated("AssignSub", 1, (g, v) => StateOps.AssignSub(v[0], g.Of(5)), Numbers),
        Updated("ApplyGradientDescent", 1, (g, v) => StateOps.ApplyGradientDescent(v[0], g.Number(0.1), g.Of(5)), Floats),
        Updated("ApplyMomentum", 2, (g, v) => StateOps.ApplyMomentum(v[0], v[1], g.Number(0.1), g.Of(5), g.Number(0.9)), Floats),
        Updated("ApplyMomentum, Nesterov", 2, (g, v) => StateOps.ApplyMomentum(v[0], v[1], g.Number(0.1), g.Of(5), g.Number(0.9), true), Floats),
        Updated("ApplyAdam", 3, (g, v) => StateOps.ApplyAdam(v[0], v[1], v[2], g.Number(0.9), g.Number(0.999), g.Number(0.1), g.Number(0.9), g.Number(0.999), g.Number(1e-8), g.Of(5)), Floats),
        Updated("ApplyAdagrad", 2, (g, v) => StateOps.ApplyAdagrad(v[0], v[1], g.Number(0.1), g.Of(5)), Floats),
        Updated("ApplyRMSProp", 3, (g, v) => StateOps.ApplyRMSProp(v[0], v[1], v[2], g.Number(0.1), g.Number(0.9), g.Number(0.5), g.Number(1e-3), g.Of(5)), Floats),
        Updated("ApplyCenteredRMSProp", 4, (g, v) => StateOps.ApplyCenteredRMSProp(v[0], v[1], v[2], v[3], g.Number(0.1), g.Number(0.9), g.Number(0.5), g.Number(1e-3), g.Of(5)), Floats),
        new("IsVariableInitialized", g => [StateOps.IsVariableInitialized(g.Variable(0, 1, 2)), StateOps.IsVariableInitialized(g.Graph.VariableV2(DType.Float32, new Shape(2), "empty"))], Floats),
        One("NoOp", g => Behind(g, g.Graph.NoOp()), Floats),
    ];

    private static Tensor Grouped(OpInputs g)
    {
        IReadOnlyList<Tensor> xs = ArrayOps.Split(g.In(-1, 1, 2, 9, 9, 8), 2, 3), ws = ArrayOps.Split(g.In(-1, 1, 3, 3, 4, 12), 2, 3);
        return ArrayOps.Concat([.. xs.Zip(ws, (x, w) => NN.Conv2D(x, w, [1, 1, 1, 1], Padding.Same))], 3);
    }

    private static Tensor Behind(OpInputs g, Operation control)
    {
        using (g.Graph.ControlDependencies(control)) return ArrayOps.Identity(g.Of(2));
    }

    // Variables hold 1 … 2 first, then the op runs, then all are fetched.
    private static OpCase Updated(string name, int variables, Func<OpInputs, Tensor[], Tensor> update, DType[] types) => new(
        name,
        g =>
        {
            Tensor[] held = [.. Enumerable.Range(0, variables).Select(_ => g.Variable(1, 2, 5))];
            g.First.Add(update(g, held).Op);
            return [.. held.Select(variable => ArrayOps.Identity(variable))];
        },
        types,
        Gradients: false);
}
