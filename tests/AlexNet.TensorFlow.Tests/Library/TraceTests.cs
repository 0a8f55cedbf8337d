namespace AlexNetTF.TensorFlow.Tests;

/// <summary>What a trace says of a run of TensorFlow's.</summary>
public class TraceTests : NeedsTensorFlow
{
    [Test]
    public void StepsAreTheNodesThatTensorFlowRan()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 64), "x");
        Variable w = graph.GetVariable("w", new Shape(64, 32), initializer: Initializer.Constant(0.5f));
        Tensor y = Nn.Relu(MathOps.MatMul(x, w.Value, name: "product"), "positive");
        using var session = new Session(graph, new SessionOptions { Engine = Engine.TensorFlow, Fuse = false });
        session.Run(graph.GlobalVariablesInitializer());
        var trace = new RunTrace();
        var feeds = new Feeds { [x] = TensorData.Of<float>(Enumerable.Repeat(1f, 3 * 64).ToArray(), [3, 64]).ToNDArray() };
        float[] result = session.Run(y, feeds, trace).ToArray<float>();

        Assert.That(result, Is.All.EqualTo(32f));
        TraceStep product = trace.Steps.Single(step => step.Name == "product"), positive = trace.Steps.Single(step => step.Name == "positive");
        Assert.That((product.Op, product.Outputs), Is.EqualTo(("MatMul", "float32 [3,32]")));
        Assert.That(product.OutputBytes, Is.GreaterThanOrEqualTo(3 * 32 * 4));
        Assert.That(product.Device, Does.EndWith("CPU:0"));
        Assert.That(positive.Start, Is.GreaterThanOrEqualTo(product.Start));
        Assert.That(trace.Steps, Is.Ordered.By(nameof(TraceStep.Start)));
        foreach (TraceStep step in trace.Steps)
        {
            Assert.That(step.Start, Is.GreaterThanOrEqualTo(TimeSpan.Zero), step.Name);
            Assert.That(step.Start + step.Duration, Is.LessThanOrEqualTo(trace.Duration), step.Name);
        }
    }

    [Test]
    public void WhatIsFedRunsNothing()
    {
        var graph = new Graph();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(1), "x");
        using var session = new Session(graph, new SessionOptions { Engine = Engine.TensorFlow });
        var trace = new RunTrace();
        session.Run(x, new Feeds { [x] = new[] { 1f } }, trace);
        Assert.That(trace.Steps, Is.Empty);
        Assert.That(trace.Duration, Is.GreaterThan(TimeSpan.Zero));
    }
}
