using System.Diagnostics;
using AlexNetTF.Testing;

namespace AlexNetTF.Benchmarks;

/// <summary><c>weights</c>: loading 244 MB of weights from each format, turn by turn, beside reading the file's bytes.</summary>
internal static class WeightLoadReport
{
    public static void Print(int runs)
    {
        var graph = new Graph();
        var net = new AlexNet(graph.Placeholder(DType.Float32, new Shape(null, 227, 227, 3), "x"), 1f, 1000);
        using var session = new Session(graph);
        Dictionary<Variable, float[]> expected = graph.GlobalVariables().ToDictionary(variable => variable, variable => Recipe.Fill(variable.Op.Name, variable.Shape.ElementCount!.Value, -1, 1));
        foreach ((Variable variable, float[] values) in expected) variable.Load(TensorData.Of<float>(values, variable.Shape.ToArray()).ToNDArray(), session);

        string folder = Directory.CreateTempSubdirectory("alexnet-weights").FullName;
        try
        {
            (string Format, string Path)[] files = [.. new WeightFiles(net, session).Write(folder)];
            using var target = new Session(graph);
            foreach ((string format, string path) in files)
            {
                WeightLoader.Load(target, path);
                bool same = expected.All(pair => target.Run(pair.Key.Value).ToArray<float>().AsSpan().SequenceEqual(pair.Value));
                if (!same) throw new InvalidOperationException($"{format} gives other values.");
            }

            Measure(files, target, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure((string Format, string Path)[] files, Session target, int runs)
    {
        var times = files.Select(_ => new List<(double Read, double Load)>()).ToArray();
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < files.Length; i++)
            {
                string path = files[i].Path;
                times[i].Add((Milliseconds(() => ReadBytes(path)), Milliseconds(() => WeightLoader.Load(target, path))));
            }
        }

        Console.WriteLine($"{"format",-22} {"MB",7} {"bytes, ms",11} {"load, ms",10} {"load / bytes",14}");
        for (int i = 0; i < files.Length; i++)
        {
            double size = PartsOf(files[i].Path).Sum(part => new FileInfo(part).Length) / 1e6;
            Console.WriteLine($"{files[i].Format,-22} {size,7:F1} {Median(times[i].Select(pair => pair.Read)),11:F0} {Median(times[i].Select(pair => pair.Load)),10:F0} {Median(times[i].Select(pair => pair.Load / pair.Read)),14:F2}");
        }
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
