using System.Diagnostics;
using AlexNetTF.Testing;

namespace AlexNetTF.Benchmarks;

/// <summary><c>weights</c>: loading 244 MB of weights from each format, turn by turn, beside reading the file's bytes.</summary>
internal static class WeightLoadReport
{
    /// <param name="runs">Turns.</param>
    /// <param name="only">The beginning of the names of the formats to load; all if empty.</param>
    public static void Print(int runs, string only)
    {
        var graph = new Graph();
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        using var session = new Session(graph);
        Dictionary<Variable, float[]> expected = graph.GlobalVariables().ToDictionary(variable => variable, variable => Recipe.Fill(variable.Op.Name, variable.Shape.ElementCount!.Value, -1, 1));
        foreach ((Variable variable, float[] values) in expected) variable.Load(TensorData.Of<float>(values, variable.Shape.ToArray()).ToNDArray(), session);

        string folder = Directory.CreateTempSubdirectory("alexnet-weights").FullName;
        try
        {
            (string Format, string Path, WeightLoading Loading)[] files = [.. new WeightFiles(net, session).Write(folder).Where(file => file.Format.StartsWith(only, StringComparison.Ordinal)).SelectMany(file => Ways(file.Format, file.Path))];
            using var target = new Session(graph);
            foreach ((string format, string path, WeightLoading loading) in files)
            {
                WeightLoader.Load(target, path, loading: loading);
                bool same = expected.All(pair => target.Run(pair.Key.Value).ToArray<float>().AsSpan().SequenceEqual(pair.Value));
                if (!same) throw new InvalidOperationException($"{format} gives other values.");
            }

            Measure(files, target, runs);
            if (files.FirstOrDefault(file => file.Loading == WeightLoading.Map) is { Path: { } mapped }) MeasureCalls(net, mapped);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure((string Format, string Path, WeightLoading Loading)[] files, Session target, int runs)
    {
        var times = files.Select(_ => new List<(double Read, double Load)>()).ToArray();
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < files.Length; i++)
            {
                (_, string path, WeightLoading loading) = files[i];
                times[i].Add((Milliseconds(() => ReadBytes(path)), Milliseconds(() => WeightLoader.Load(target, path, loading: loading))));
            }
        }

        Console.WriteLine($"{"format",-22} {"MB",7} {"bytes, ms",11} {"load, ms",10} {"load / bytes",14}");
        for (int i = 0; i < files.Length; i++)
        {
            double size = PartsOf(files[i].Path).Sum(part => new FileInfo(part).Length) / 1e6;
            Console.WriteLine($"{files[i].Format,-22} {size,7:F1} {Median(times[i].Select(pair => pair.Read)),11:F0} {Median(times[i].Select(pair => pair.Load)),10:F0} {Median(times[i].Select(pair => pair.Load / pair.Read)),14:F2}");
        }
    }

    // What it costs to compute from a mapping: pages of 4 KiB instead of huge ones, values across the boundaries of cache lines.
    private static void MeasureCalls(AlexNet net, string path)
    {
        const int Calls = 40;
        WeightLoading[] ways = [WeightLoading.Read, WeightLoading.Map];
        Session[] sessions = [.. ways.Select(_ => new Session(net.Graph))];
        List<double>[] times = [.. ways.Select(_ => new List<double>())];
        var feeds = new Feeds { [net.Input] = TensorData.Of<float>(Recipe.Fill("picture", 227 * 227 * 3, -120, 120), [1, 227, 227, 3]).ToNDArray() };
        foreach ((Session session, WeightLoading way) in sessions.Zip(ways)) WeightLoader.Load(session, path, loading: way);
        for (int call = 0; call < Calls; call++)
        {
            for (int i = 0; i < ways.Length; i++)
            {
                sessions[i].Run(net.Fc8, feeds);
                times[i].Add(Milliseconds(() => sessions[i].Run(net.Fc8, feeds)));
            }
        }

        Console.WriteLine($"one picture, ms: weights read {Median(times[0]):F2}, mapped {Median(times[1]):F2}");
        foreach (Session session in sessions) session.Dispose();
    }

    private static IEnumerable<(string Format, string Path, WeightLoading Loading)> Ways(string format, string path)
    {
        yield return (format, path, WeightLoading.Read);
        if (format == "safetensors") yield return (format + ", mapped", path, WeightLoading.Map);
    }

    private static string[] PartsOf(string path) => Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*");

    // Into memory that is new, as a load's is: the system's work of giving it is part of both.
    private static unsafe void ReadBytes(string path)
    {
        foreach (string part in PartsOf(path))
        {
            using FileStream file = new(part, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var memory = new AlignedMemory(file.Length);
            file.ReadExactly(new Span<byte>(memory.Pointer, (int)file.Length));
        }
    }

    private static double Milliseconds(Action run)
    {
        // On a machine that others use, the processor's time says more than the clock.
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        run();
        return (Timing.ProcessorTime ? Environment.CpuUsage.TotalTime - before : Stopwatch.GetElapsedTime(start)).TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
