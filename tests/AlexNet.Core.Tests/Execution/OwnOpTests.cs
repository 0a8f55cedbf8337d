using NumSharp;

namespace AlexNetTF.Tests;

/// <summary>An op defined outside the library, as research code would.</summary>
internal sealed class Swish : OpDef
{
    public float Beta { get; init; } = 1;

    public override string Type => "Swish";

    public override Gradient Gradient => Gradient.NotDifferentiable("this test's op has no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("beta", Beta);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) =>
        inputs[0].Type == DType.Float32 ? [inputs[0]] : throw inputs.Error("swish takes float32");

    public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(
        context =>
        {
            ReadOnlySpan<float> x = context.Input<float>(0);
            Span<float> y = context.Output<float>(0);
            for (int i = 0; i < x.Length; i++) y[i] = x[i] / (1 + MathF.Exp(-Beta * x[i]));
        },
        elementwise: true);
}

public class OwnOpTests
{
    [Test]
    public void RunsBesideBuiltInOps()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 2), "x");
        Tensor y = ArrayOps.Identity(graph.Add(new Swish { Beta = 2 }, [x], "swish"));
        using var session = new Session(graph);

        NDArray result = session.Run(y, new Feeds { [x] = new float[,] { { 0, 1 }, { -1, 2 } } });

        float[] expected = [0, 1 / (1 + MathF.Exp(-2)), -1 / (1 + MathF.Exp(2)), 2 / (1 + MathF.Exp(-4))];
        Assert.That(result.ToArray<float>(), Is.EqualTo(expected));
        Assert.That(y.Op.Inputs[0].Op.GetAttributes()["beta"], Is.EqualTo(2f));
    }

    [Test]
    public void ShapeRuleRefusesAnotherType()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Int32, new Shape(2), "x");

        GraphException error = Assert.Throws<GraphException>(() => graph.Add(new Swish(), [x], "swish"))!;

        Assert.That(error.Message, Does.Contain("Swish 'swish'").And.Contain("swish takes float32").And.Contain("int32 [2]"));
    }
}

public class SessionTests
{
    [Test]
    public void PlaceholderThatIsNotFedIsNamed()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2), "x");
        using var session = new Session(graph);

        RunException error = Assert.Throws<RunException>(() => session.Run(ArrayOps.Identity(x)))!;

        Assert.That(error.Code, Is.EqualTo(RunErrorCode.InvalidArgument));
        Assert.That(error.Message, Does.Contain("'x'").Or.Contain("Placeholder x"));
    }

    [Test]
    public void AssignedVariableIsReadBack()
    {
        var graph = new Graph();
        Tensor v = graph.VariableV2(DType.Float32, new Shape(3), "v");
        Tensor assign = StateOps.Assign(v, new float[] { 1, 2, 3 });
        Tensor read = ArrayOps.Identity(v);
        using var session = new Session(graph);

        Assert.Throws<RunException>(() => session.Run(read));
        session.Run(assign.Op);

        Assert.That(session.Run(read).ToArray<float>(), Is.EqualTo(new float[] { 1, 2, 3 }));
        NDArray[] both = session.Run([read, assign]);
        Assert.That(both[1].ToArray<float>(), Is.EqualTo(new float[] { 1, 2, 3 }));
    }
}
