using AlexNetTF.Kernels;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary>
/// <c>steps</c>: where the time of a whole call goes. One session with one thread and one with all, call by call in turn, so that
/// a disturbance meets both.
/// </summary>
internal sealed class StepReport : IDisposable
{
    private readonly Side[] _sides;
    private readonly AlexNet _net;
    private readonly Tensor? _labels;
    private readonly Fetch[] _fetches;

    private StepReport(Precision precision, bool training)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        _net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        _fetches = [_net.Fc8];
        if (training)
        {
            _labels = graph.Placeholder(DType.Float32, new Shape(null, 1000), "labels");
            Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(_labels, _net.Fc8));
            // A rate this small leaves every step the same work.
            _fetches = [loss, new GradientDescentOptimizer(1e-9f).Minimize(loss)];
        }

        Operation initializer = graph.GlobalVariablesInitializer();
        _sides = [.. new[] { 1, Workers.Cores }.Select(threads => new Side(new Session(graph, new SessionOptions { Threads = threads, Precision = precision }), initializer))];
    }

    internal static void Print(int[] batches, int runs, Precision precision, bool training)
    {
        using var report = new StepReport(precision, training);
        foreach (int batch in batches)
            report.Print(batch, runs);
    }

    public void Dispose()
    {
        foreach (Side side in _sides)
            side.Session.Dispose();
    }

    private void Print(int batch, int runs)
    {
        using var weights = new WeightReading();
        var pictures = new float[batch * 227 * 227 * 3];
        for (int i = 0; i < pictures.Length; i++)
            pictures[i] = (int)((uint)(i * 2654435761L) >> 24) - 117;
        var feeds = new Feeds { [_net.Input] = new NDArray(pictures).reshape(batch, 227, 227, 3) };
        if (_labels is not null)
            feeds[_labels] = OneHot(batch);
        foreach (Side side in _sides)
            side.Warm(_fetches, feeds);
        var reading = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            foreach (Side side in _sides)
                side.Run(_fetches, feeds);
            reading.Add(weights.Milliseconds());
        }
        Console.WriteLine($"\nbatch {batch,-40}{"1 thread, ms",14}{Workers.Cores + " threads, ms",14}{"gain",8}{"best, ms",10}{"GFLOP/s",10}{"GB/s",8}");
        int convolutions = 0;
        foreach (string step in _sides[0].Times.Keys)
            Line(step, Known(step, batch, ref convolutions));
        if (_labels is null)
            Console.WriteLine($"reading {weights.Bytes / 1e6:f0} MB, as much as fully connected weights and prepared filters: {Median(reading):f3} ms, best {reading.Min():f3}");
    }

    private void Line(string step, KernelCase? known)
    {
        double one = Median(_sides[0].Times[step]), all = Median(_sides[1].Times[step]), best = _sides[1].Times[step].Min();
        Console.Write($"{(step.Length > 46 ? ".." + step[^44..] : step),-46}{one,14:f3}{all,14:f3}{one / all,8:f2}{best,10:f3}");
        using (known)
            Console.WriteLine(known == null ? "" : $"{known.Flops / all / 1e6,10:f0}{known.Bytes / all / 1e6,8:f1}");
    }

    private static NDArray OneHot(int batch)
    {
        var rows = new float[batch * 1000];
        for (int i = 0; i < batch; i++)
            rows[(i * 1000) + (i * 37 % 1000)] = 1;
        return new NDArray(rows).reshape(batch, 1000);
    }

    // A convolution's step carries the name of the rectifier that it is fused with: they come in the order of layers.
    private KernelCase? Known(string step, int batch, ref int convolutions)
    {
        string layer = step.Split('/')[0];
        if (layer.StartsWith("Relu", StringComparison.Ordinal) && convolutions < Layers.Convolutions.Length)
        {
            (string name, ConvShape shape) = Layers.Convolutions[convolutions++];
            return Layers.Forward(name, shape, batch, 1);
        }
        foreach ((string name, int inputs, int outputs) in _labels is null ? Layers.Connected : [])
        {
            if (name == layer)
                return Layers.FullForward(name, inputs, outputs, batch, 1);
        }
        return null;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>A session and the times of its steps.</summary>
    private sealed class Side
    {
        private readonly RunTrace _trace = new();

        internal Side(Session session, Operation initializer)
        {
            Session = session;
            session.Run(initializer);
        }

        internal Session Session { get; }

        internal Dictionary<string, List<double>> Times { get; } = [];

        internal void Warm(Fetch[] fetches, Feeds feeds)
        {
            for (int i = 0; i < 3; i++)
                Session.Run(fetches, feeds);
            Times.Clear();
        }

        internal void Run(Fetch[] fetches, Feeds feeds)
        {
            Session.Run(fetches, feeds, _trace);
            double whole = _trace.Duration.TotalMilliseconds, steps = 0;
            foreach (TraceStep step in _trace.Steps)
            {
                Note(step.Name, step.Duration.TotalMilliseconds);
                steps += step.Duration.TotalMilliseconds;
            }
            Note("around the steps", whole - steps);
            Note("whole call", whole);
        }

        private void Note(string name, double milliseconds)
        {
            if (!Times.TryGetValue(name, out List<double>? times))
                Times.Add(name, times = []);
            times.Add(milliseconds);
        }
    }
}
