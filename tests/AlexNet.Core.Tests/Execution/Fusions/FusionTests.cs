using NN = AlexNetTF.Nn;

namespace AlexNetTF.Tests.Execution;

public class FusionTests
{
    [Test]
    public void ConvolutionBiasRelu()
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 2, 9, 9, 3);
        Tensor y = NN.BiasAdd(NN.Conv2D(x, Read(plan.Variable("w", 3, 3, 3, 8)), [1, 2, 2, 1], Padding.Same), Read(plan.Variable("b", 8)));
        y = NN.Relu(ArrayOps.Reshape(y, new int[] { -1, 5, 5, 8 }));
        plan.Check("ConvolutionBiasRelu", [y]);
    }

    [Test]
    public void ConvolutionIsLeftWhereSomethingElseReadsIt()
    {
        var plan = new PlanGolden();
        Tensor sums = NN.Conv2D(plan.Feed("x", 1, 5, 5, 3), plan.Variable("w", 3, 3, 3, 4), [1, 1, 1, 1], Padding.Same);
        Tensor biased = NN.BiasAdd(sums, plan.Variable("b", 4));
        Tensor y = NN.Relu(biased);

        Assert.That(plan.Steps(y), Is.EqualTo(new[] { "Conv2D+BiasAdd+Relu" }));
        Assert.That(plan.Steps(y, sums), Is.EqualTo(new[] { "Conv2D", "BiasAdd", "Relu" }), "the sums are fetched");
        Assert.That(plan.Steps(y, biased), Is.EqualTo(new[] { "Conv2D+BiasAdd", "Relu" }), "the biased sums are fetched");
        Assert.That(plan.Steps(y, sums.Op), Is.EqualTo(new[] { "Conv2D", "BiasAdd", "Relu" }), "the convolution is asked for");
        Assert.That(plan.Steps(y, NN.Relu(sums)), Is.EqualTo(new[] { "Conv2D", "BiasAdd", "Relu", "Relu" }), "the sums have another reader");
        plan.CompareResults(y, sums, biased);
    }

    [Test]
    public void ConvolutionDoesNotWaitForAnAssignment()
    {
        var plan = new PlanGolden();
        Tensor w = plan.Variable("w", 3, 3, 3, 4);
        Tensor sums = NN.Conv2D(plan.Feed("x", 1, 5, 5, 3), w, [1, 1, 1, 1], Padding.Same);
        Tensor assign;
        using (plan.Graph.ControlDependencies(sums.Op)) assign = StateOps.Assign(w, plan.Feed("v", 3, 3, 3, 4));
        Tensor y = NN.Relu(sums);

        // Fused, the convolution would run where the rectifier does: after the assignment that has to follow it.
        Assert.That(plan.Steps(y, assign.Op), Is.EqualTo(new[] { "Conv2D", "Assign", "Relu" }));
        plan.CompareResults(y, assign.Op);
    }

    [Test]
    public void OrderAfterAnAssignmentIsKept()
    {
        var plan = new PlanGolden();
        Tensor w = plan.Variable("w", 3, 4);
        Operation assign = StateOps.Assign(w, plan.Feed("v", 3, 4)).Op;
        Tensor y;
        using (plan.Graph.ControlDependencies(plan.Graph.Group([assign]))) y = NN.Relu(MathOps.MatMul(plan.Feed("x", 2, 3), ArrayOps.Identity(w)));

        Assert.That(plan.Steps(y), Is.EqualTo(new[] { "Assign", "Identity", "MatMul+Relu" }));
        plan.CompareResults(y);
    }

    [Test]
    public void MatMulBiasRelu()
    {
        var plan = new PlanGolden();
        Tensor y = NN.Relu(NN.XwPlusB(plan.Feed("x", 5, 20), Read(plan.Variable("w", 20, 33)), Read(plan.Variable("b", 33)), "fc"));
        plan.Check("MatMulBiasRelu", [y, NN.XwPlusB(y, plan.Variable("w2", 33, 4), plan.Variable("b2", 4), "logits")]);
    }

    [Test]
    public void GroupedConvolution()
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 2, 7, 7, 8), w = Read(plan.Variable("w", 3, 3, 4, 12));
        plan.Check("GroupedConvolution", [NN.Relu(NN.BiasAdd(InGroups(x, w, 2), Read(plan.Variable("b", 12))))]);
    }

    [Test]
    public void GroupsAreLeftWhereAPartIsRead()
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 1, 5, 5, 8), w = plan.Variable("w", 3, 3, 4, 4);
        Tensor y = InGroups(x, w, 2);
        Assert.That(plan.Steps(y), Is.EqualTo(new[] { "Conv2D" }));
        Assert.That(plan.Steps(y, y.Op.Inputs[1]), Is.EqualTo(new[] { "Split", "Split", "Conv2D", "Conv2D", "ConcatV2" }));
        plan.CompareResults(y, y.Op.Inputs[1]);
    }

    [Test]
    public void GroupsInAnotherOrderAreLeft()
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 1, 5, 5, 8), w = plan.Variable("w", 3, 3, 4, 4);
        IReadOnlyList<Tensor> xs = ArrayOps.Split(x, 2, 3), ws = ArrayOps.Split(w, 2, 3);
        Tensor y = ArrayOps.Concat([Conv(xs[1], ws[0]), Conv(xs[0], ws[1])], 3);
        Assert.That(plan.Steps(y), Has.Member("ConcatV2"));
        plan.CompareResults(y);
    }

    [Test]
    public void GroupedGradients()
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 2, 7, 7, 8), w = plan.Variable("w", 3, 3, 4, 12), dy = plan.Feed("dy", 2, 7, 7, 12);
        var attributes = new ConvAttributes([1, 1, 1, 1], Padding.Same);
        IReadOnlyList<Tensor> xs = ArrayOps.Split(x, 2, 3), ws = ArrayOps.Split(w, 2, 3);
        Tensor[] dys = [ArrayOps.Slice(dy, new[] { 0, 0, 0, 0 }, new[] { 2, 7, 7, 6 }), ArrayOps.Slice(dy, new[] { 0, 0, 0, 6 }, new[] { 2, 7, 7, 6 })];
        Tensor dx = ArrayOps.Concat([.. ws.Zip(dys, (part, gradient) => NN.Conv2DBackpropInput(ArrayOps.Shape(xs[0]), part, gradient, attributes))], 3);
        Tensor dw = ArrayOps.Concat([.. xs.Zip(dys, (part, gradient) => NN.Conv2DBackpropFilter(part, ArrayOps.Shape(ws[0]), gradient, attributes))], 3);
        plan.Check("GroupedGradients", [dx, dw]);
    }

    [Test]
    public void PaddedConvolution([Values] Padding padding)
    {
        var plan = new PlanGolden();
        Tensor x = plan.Feed("x", 1, 6, 7, 4), w = plan.Variable("w", 3, 5, 4, 8);
        Tensor y = NN.Conv2D(ArrayOps.Pad(x, Pairs(0, 0, 1, 2, 2, 1, 0, 0)), w, [1, 2, 1, 1], padding);
        plan.Check($"PaddedConvolution{padding}", [y]);
    }

    [Test]
    public void PaddedChannelsAreLeft()
    {
        var plan = new PlanGolden();
        Tensor y = NN.Conv2D(ArrayOps.Pad(plan.Feed("x", 1, 6, 7, 3), Pairs(0, 0, 1, 1, 1, 1, 0, 1)), plan.Variable("w", 3, 3, 4, 8), [1, 1, 1, 1], Padding.Valid);
        Assert.That(plan.Steps(y), Is.EqualTo(new[] { "Pad", "Conv2D" }));
        plan.CompareResults(y);
    }

    [Test]
    public void NormalisedPooling()
    {
        var plan = new PlanGolden();
        Tensor norm = NN.Lrn(plan.Feed("x", 2, 9, 9, 33), 2, 1, 2e-1f, 0.75f);
        Tensor y = NN.MaxPool(norm, [1, 3, 3, 1], [1, 2, 2, 1], Padding.Valid);
        plan.Check("NormalisedPooling", [y]);
        Assert.That(plan.Steps(y, norm), Is.EqualTo(new[] { "LRN", "MaxPool" }));
    }

    [TestCase("GradientDescent")]
    [TestCase("Momentum")]
    [TestCase("Adam")]
    [TestCase("RMSProp")]
    public void UpdateInPlace(string optimizer)
    {
        var plan = new PlanGolden();
        Tensor w = plan.Variable("w", 300, 40), x = plan.Feed("x", 7, 300), dy = plan.Feed("dy", 7, 40);
        Tensor gradient = MathOps.MatMul(x, dy, transposeA: true);
        Tensor update = optimizer switch
        {
            "GradientDescent" => StateOps.ApplyGradientDescent(w, Number(plan, 0.1f), gradient),
            "Momentum" => StateOps.ApplyMomentum(w, plan.Variable("a", 300, 40), Number(plan, 0.1f), gradient, Number(plan, 0.9f)),
            "Adam" => StateOps.ApplyAdam(w, plan.Variable("m", 300, 40), Positive(plan, "v"), Number(plan, 0.81f), Number(plan, 0.998f), Number(plan, 0.01f), Number(plan, 0.9f), Number(plan, 0.999f), Number(plan, 1e-4f), gradient),
            _ => StateOps.ApplyRMSProp(w, Positive(plan, "ms"), plan.Variable("mom", 300, 40), Number(plan, 0.01f), Number(plan, 0.9f), Number(plan, 0.5f), Number(plan, 1e-4f), gradient),
        };
        plan.Check($"UpdateInPlace{optimizer}", [update]);
        Assert.That(plan.Steps(update, gradient), Has.Member("MatMul"), "the gradient is fetched");
        plan.CompareResults(update, gradient);
    }

    [Test]
    public void UpdateWithThreeSlotsIsLeft()
    {
        var plan = new PlanGolden();
        Tensor[] slots = [plan.Variable("w", 6, 4), plan.Variable("mg", 6, 4), plan.Variable("ms", [6, 4], 4), plan.Variable("mom", 6, 4)];
        Tensor gradient = MathOps.MatMul(plan.Feed("x", 3, 6), plan.Feed("dy", 3, 4), transposeA: true);
        Tensor update = StateOps.ApplyCenteredRMSProp(slots[0], slots[1], slots[2], slots[3], Number(plan, 0.01f), Number(plan, 0.9f), Number(plan, 0.5f), Number(plan, 1e-4f), gradient);
        Assert.That(plan.Steps(update), Is.EqualTo(new[] { "MatMul", "ApplyCenteredRMSProp" }));
        plan.CompareResults(update);
    }

    [Test]
    public void GradientMadeFromAVariableIsLeft()
    {
        var plan = new PlanGolden();
        Tensor w = plan.Variable("w", 6, 6);
        Tensor update = StateOps.ApplyGradientDescent(w, Number(plan, 0.1f), MathOps.MatMul(ArrayOps.Identity(w), plan.Feed("dy", 6, 6)));
        Assert.That(plan.Steps(update), Is.EqualTo(new[] { "MatMul", "ApplyGradientDescent" }));
        plan.CompareResults(update);
    }

    private static Tensor Read(Tensor variable) => ArrayOps.Identity(variable);

    private static Tensor Number(PlanGolden plan, float value) => plan.Graph.Constant(TensorData.Scalar(value));

    // A slot of squares.
    private static Tensor Positive(PlanGolden plan, string name) => plan.Variable(name, [300, 40], 1.5f);

    private static NumSharp.NDArray Pairs(params int[] values) => TensorData.Of<int>(values, [values.Length / 2, 2]).ToNDArray();

    private static Tensor Conv(Tensor x, Tensor w) => NN.Conv2D(x, w, [1, 1, 1, 1], Padding.Same);

    private static Tensor InGroups(Tensor x, Tensor w, int groups)
    {
        IReadOnlyList<Tensor> xs = ArrayOps.Split(x, groups, 3), ws = ArrayOps.Split(w, groups, 3);
        return ArrayOps.Concat([.. xs.Zip(ws, Conv)], 3);
    }
}
