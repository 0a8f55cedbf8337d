using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>Training steps of 32 pictures and a whole fine-tuning, here and on TensorFlow's engine.</summary>
internal sealed class Training : IDisposable
{
    private const int Batch = 32;
    private readonly Session session;
    private readonly Fetch[] fetches;
    private readonly Feeds feeds;

    public Training(Engine engine, bool allLayers)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        Tensor labels = graph.Placeholder(DType.Float32, new Shape(null, 1000), "labels");
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, net.Fc8));
        IEnumerable<Variable> trained = graph.TrainableVariables().Where(variable => allLayers || variable.Op.Name.StartsWith("fc", StringComparison.Ordinal));
        // A rate this small leaves every step the same work.
        Operation train = new GradientDescentOptimizer(1e-9f).Minimize(loss, trained);
        session = new Session(graph, new SessionOptions { Engine = engine });
        session.Run(graph.GlobalVariablesInitializer());
        fetches = [loss, train];
        var rows = new float[Batch * 1000];
        for (int i = 0; i < Batch; i++) rows[(i * 1000) + (i * 37 % 1000)] = 1;
        feeds = new Feeds { [net.Input] = ((NDArray)Networks.Pictures(Batch)).reshape(Batch, 227, 227, 3), [labels] = ((NDArray)rows).reshape(Batch, 1000) };
    }

    public void Step() => session.Run(fetches, feeds);

    public void Dispose() => session.Dispose();

    public static Row Step(string name, int runs, bool tensorFlow)
    {
        using var ours = new Training(Engine.Managed, name == "step-all");
        using Training? theirs = tensorFlow ? new Training(Engine.TensorFlow, name == "step-all") : null;
        return Pairs.Time(name, runs, ours.Step, theirs is null ? [] : [("tensorflow", theirs.Step)]);
    }

    /// <summary>fc7 and fc8 on the 600 pictures for 10 epochs: whole runs, TensorFlow's without kept features.</summary>
    public static Row FineTuning(bool tensorFlow)
    {
        ImageDataset train = ImageDataset.FromFolders(Path.Combine("samples", "demo", "fashion", "train"));
        double ours = Tune(train, Engine.Managed), theirs = tensorFlow ? Tune(train, Engine.TensorFlow) : double.NaN;
        return new Row("tune-cached", ours, "ms", tensorFlow ? [new("tensorflow", theirs, theirs / ours)] : []);
    }

    private static double Tune(ImageDataset train, Engine engine)
    {
        string folder = Directory.CreateTempSubdirectory("alexnet-compare-").FullName;
        try
        {
            var options = new FineTunerOptions
            {
                TrainLayers = ["fc7", "fc8"],
                Epochs = 10,
                FeatureCache = engine == Engine.Managed,
                Output = Path.Combine(folder, "run"),
                Report = false,
                Session = new SessionOptions { Engine = engine },
            };
            return Pairs.Milliseconds(() => new FineTuner(options).RunAsync(train).GetAwaiter().GetResult());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
