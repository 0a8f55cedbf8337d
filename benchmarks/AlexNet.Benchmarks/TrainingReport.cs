using System.Diagnostics;
using NumSharp;

namespace AlexNetTF.Benchmarks;

/// <summary><c>training</c>: one step of gradient descent for all layers, for fc6–8 and for fc8 on kept features, and the pictures that the input pipeline delivers.</summary>
internal static class TrainingReport
{
    private const int Classes = 1000;

    public static void Print(int batch, int runs, int threads, string pictures)
    {
        Console.WriteLine(MachineLimits.MachineName);
        Console.WriteLine($"{"step of " + batch,-24} {"ms",8} {"pictures/s",12}");
        string[] all = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"];
        foreach ((string name, string[] layers, bool kept) in ((string, string[], bool)[])[("all layers", all, false), ("fc6, fc7, fc8", all[5..], false), ("fc8, kept features", all[7..], true)])
        {
            double milliseconds = Step(layers, kept, batch, runs, threads);
            Console.WriteLine($"{name,-24} {milliseconds,8:F1} {batch / milliseconds * 1e3,12:F0}");
        }

        PrintPipeline(batch, runs, pictures);
    }

    private static double Step(string[] layers, bool kept, int batch, int runs, int threads)
    {
        var graph = new Graph();
        graph.SetRandomSeed(1);
        Tensor x = graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), y = graph.Placeholder(DType.Float32, new Shape(null, Classes), "y");
        // Dropout would stand between kept features and fc8.
        var net = new AlexNet(x, kept ? 1f : 0.5f, Classes, "", weightsPath: "");
        Tensor loss = MathOps.Mean(Nn.SoftmaxCrossEntropyWithLogits(labels: y, logits: net.Fc8));
        // A rate this small leaves every run the same work: no weight becomes infinite.
        Operation train = new GradientDescentOptimizer(1e-9f).Minimize(loss, layers.SelectMany(layer => graph.TrainableVariables(layer + "/")));
        using var session = new Session(graph, new SessionOptions { Threads = threads });
        session.Run(graph.GlobalVariablesInitializer());
        var feeds = new Feeds { [y] = OneHot(batch) };
        feeds[kept ? net["fc7"] : x] = kept ? Numbers(batch, 4096) : Numbers(batch, 227, 227, 3);
        return Median(runs, () => session.Run([loss, train], feeds));
    }

    private static void PrintPipeline(int batch, int runs, string pictures)
    {
        ImageDataset data = ImageDataset.FromFolders(pictures, decodeAll: false);
        foreach ((string name, Augmentation augmentation) in ((string, Augmentation)[])[("as they are", Augmentation.None), ("flip, crop, color", Augmentation.FromNames("flip,crop,color"))])
        {
            double milliseconds = Median(Math.Min(runs, 3), () =>
            {
                foreach (Batch read in data.Batches(batch, augmentation: augmentation)) read.Dispose();
            });
            Console.WriteLine($"{"pipeline, " + name,-33} {data.Count / milliseconds * 1e3,12:F0}");
        }
    }

    private static NDArray OneHot(int batch)
    {
        var rows = new float[batch * Classes];
        for (int i = 0; i < batch; i++) rows[(i * Classes) + (i * 37 % Classes)] = 1;
        NDArray flat = rows;
        return flat.reshape(batch, Classes);
    }

    private static NDArray Numbers(params int[] dims)
    {
        var values = new float[dims.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = ((i * 7919L) % 256) - 117;
        NDArray flat = values;
        return flat.reshape(dims);
    }

    private static double Median(int runs, Action run)
    {
        run();
        double[] times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }
}
