using System.Diagnostics;

namespace AlexNetTF.Benchmarks;

/// <summary><c>peers</c>: whole calls of the network, ours and ONNX Runtime's in turn, medians of times and of the ratios pair by pair.</summary>
internal static class PeerReport
{
    public static void Print(int[] batches, int runs, int threads)
    {
        Console.WriteLine(MachineLimits.MachineName);
        using var peers = new Peers(threads);
        Console.WriteLine($"{"batch",6} {"ours, ms",10} {"ONNX Runtime, ms",18} {"theirs / ours",14} {"difference",12}");
        foreach (int batch in batches)
        {
            peers.SetBatch(batch);
            float[] ours = peers.Ours(), theirs = peers.OnnxRuntime();
            double difference = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / theirs.Max(Math.Abs);
            var times = new List<(double Ours, double Theirs)>();
            for (int run = 0; run < runs; run++) times.Add((Milliseconds(peers.Ours), Milliseconds(peers.OnnxRuntime)));
            Console.WriteLine(
                $"{batch,6} {Median(times.Select(pair => pair.Ours)),10:F1} {Median(times.Select(pair => pair.Theirs)),18:F1} {Median(times.Select(pair => pair.Theirs / pair.Ours)),14:F2} {difference,12:E1}");
        }
    }

    private static double Milliseconds(Func<float[]> run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
