using NumSharp;

namespace AlexNetTF.Tests.Execution;

public class CancellationTests
{
    [Test]
    public void TokenThatIsCancelledBeforehandRunsNothing()
    {
        var net = new SmallNet();
        using Session session = net.Open();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.That(() => session.Run(net.Probabilities, net.Feed(1), source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(session.Run(net.Probabilities, net.Feed(1)).size, Is.EqualTo(10), "the session goes on");
    }

    [Test]
    public void RunEndsAfterTheStepThatIsUnderWay()
    {
        var graph = new Graph();
        using var source = new CancellationTokenSource();
        Tensor x = graph.Placeholder(DType.Float32, new Shape(2), "x");
        Tensor count = graph.VariableV2(DType.Float32, Shape.Scalar, "count");
        Operation start = StateOps.Assign(count, 0f).Op;
        Tensor before = StateOps.AssignAdd(count, 1f);
        Tensor y, after;
        using (graph.ControlDependencies(before.Op)) y = graph.Add(new CallOp(source.Cancel), [x]);
        using (graph.ControlDependencies(y.Op)) after = StateOps.AssignAdd(count, 10f);
        using var session = new Session(graph);
        session.Run(start);
        var feeds = new Feeds { [x] = new float[] { 1, 2 } };

        Assert.That(() => session.Run([after, y], feeds, source.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That((float)session.Run(ArrayOps.Identity(count)), Is.EqualTo(1), "what had run stays, what followed did not run");
        Assert.That(session.Run(y, feeds).ToArray<float>(), Is.EqualTo(new float[] { 1, 2 }), "the session goes on");
    }

    private sealed class CallOp(Action action) : OpDef
    {
        public override string Type => "Call";

        public override bool IsStateful => true;

        public override Gradient Gradient => Gradient.None("a test's op");

        public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

        public override Kernel CreateKernel(KernelSpec spec) => Kernel.Of(context =>
        {
            context.Input<float>(0).CopyTo(context.Output<float>(0));
            action();
        });
    }
}
