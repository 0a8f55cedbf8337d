using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>Training steps of 32 pictures by one of the engines.</summary>
internal sealed class TrainingStep(Engine engine) : ISide
{
    private const int Batch = 32;
    private Session? _session;

    /// <summary>Of <c>step-all</c> or <c>step-fc</c>.</summary>
    public Action Call(string row)
    {
        _session?.Dispose();
        var graph = new Graph();
        graph.SetRandomSeed(1);
        Tensor labels = graph.Placeholder(DType.Float32, new Shape(null, 1000), "labels");
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, net.Fc8));
        IEnumerable<Variable> trained = graph.TrainableVariables().Where(variable => row == "step-all" || variable.Op.Name.StartsWith("fc", StringComparison.Ordinal));
        // A rate this small leaves every step the same work.
        Operation train = new GradientDescentOptimizer(1e-9f).Minimize(loss, trained);
        Session session = _session = new Session(graph, new SessionOptions { Engine = engine });
        session.Run(graph.GlobalVariablesInitializer());
        Fetch[] fetches = [loss, train];
        var rows = new float[Batch * 1000];
        for (int i = 0; i < Batch; i++) rows[(i * 1000) + (i * 37 % 1000)] = 1;
        var feeds = new Feeds { [net.Input] = OwnNetwork.Batch(Batch), [labels] = ((NDArray)rows).reshape(Batch, 1000) };
        return () => session.Run(fetches, feeds);
    }

    public void Dispose() => _session?.Dispose();
}
