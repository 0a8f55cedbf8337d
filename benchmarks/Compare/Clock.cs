using System.Diagnostics;

namespace AlexNetTF.Benchmarks;

/// <summary>Times of calls and what is told of many.</summary>
internal static class Clock
{
    public static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>All sides alike: .NET compiles in tiers, the peers grow their arenas and start their threads.</summary>
    public static void WarmUp(Action run)
    {
        var elapsed = Stopwatch.StartNew();
        int calls = 0;
        do run();
        while (++calls < 40 && elapsed.ElapsedMilliseconds < 1500);
    }
}
