using System.Diagnostics;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>The network's predictions and training steps on both engines in turn, medians of times and of the ratios pair by pair.</summary>
internal static class EngineReport
{
    private const int TrainingBatch = 32;

    public static void Print(int[] batches, int runs, int threads)
    {
        TensorFlowLibrary.UsesOneDnn = true; // as TensorFlow does where it is installed by itself
        if (!TensorFlowLibrary.IsAvailable(out string problem))
        {
            Console.WriteLine($"TensorFlow's engine: {problem}");
            return;
        }

        Console.WriteLine($"{"",24} {"managed, ms",12} {$"TensorFlow {TensorFlowLibrary.Version}, ms",24} {"theirs / ours",14}");
        var graph = new Graph();
        graph.SetRandomSeed(1);
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        Tensor labels = graph.Placeholder(DType.Float32, new Shape(null, 1000), "labels");
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels, net.Fc8));
        var optimizer = new GradientDescentOptimizer(1e-4f);
        Variable[] all = [.. graph.TrainableVariables()];
        Operation dense = optimizer.Minimize(loss, all.Where(variable => variable.Op.Name.StartsWith("fc", StringComparison.Ordinal))), whole = optimizer.Minimize(loss, all);
        using var ours = new Session(graph, new SessionOptions { Threads = threads });
        using var theirs = new Session(graph, new SessionOptions { Engine = Engine.TensorFlow, Threads = threads });
        Operation initializer = graph.GlobalVariablesInitializer();
        ours.Run(initializer);
        theirs.Run(initializer);
        foreach (int batch in batches) Measure($"prediction of {batch}", net.Fc8, Feeds(net, batch), ours, theirs, runs);
        Feeds training = Feeds(net, TrainingBatch);
        training[labels] = new NDArray(new float[TrainingBatch * 1000]).reshape(TrainingBatch, 1000);
        Measure($"step of {TrainingBatch}, fc6 to fc8", dense, training, ours, theirs, runs);
        Measure($"step of {TrainingBatch}, all layers", whole, training, ours, theirs, runs);
    }

    private static Feeds Feeds(AlexNet net, int batch)
    {
        var pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++) pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        return new Feeds { [net.Input] = new NDArray(pictures).reshape(batch, 227, 227, 3) };
    }

    private static void Measure(string what, Fetch fetch, Feeds feeds, Session ours, Session theirs, int runs)
    {
        Fetch[] fetches = [fetch];
        ours.Run(fetches, feeds);
        theirs.Run(fetches, feeds);
        var times = new List<(double Ours, double Theirs)>();
        for (int run = 0; run < runs; run++) times.Add((Milliseconds(ours), Milliseconds(theirs)));
        Console.WriteLine($"{what,-24} {Median(times.Select(pair => pair.Ours)),12:F1} {Median(times.Select(pair => pair.Theirs)),24:F1} {Median(times.Select(pair => pair.Theirs / pair.Ours)),14:F2}");

        double Milliseconds(Session session)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(fetches, feeds);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
