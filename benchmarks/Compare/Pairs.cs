using System.Diagnostics;

namespace AlexNetTF.Benchmarks;

/// <summary>
/// Times calls in turn, ours and each peer's, so that a machine whose speed drifts drifts for all of them. The peers' idle threads
/// spin for a while after a call and would take cores from the next in turn, so a turn is a pause, a call that is not counted and
/// one that is.
/// </summary>
internal static class Pairs
{
    /// <summary>The medians of the times, and of the ratios of neighbouring calls.</summary>
    public static Row Time(string name, int runs, Action ours, params (string Peer, Action Run)[] peers)
    {
        WarmUp(ours);
        foreach ((_, Action run) in peers) WarmUp(run);
        var times = new List<double>();
        List<double>[] theirs = [.. peers.Select(_ => new List<double>())];
        for (int i = 0; i < runs; i++)
        {
            times.Add(Turn(ours));
            for (int p = 0; p < peers.Length; p++) theirs[p].Add(Turn(peers[p].Run));
        }

        return new Row(name, Median(times), "ms", [.. peers.Select((peer, p) => new PeerValue(peer.Peer, Median(theirs[p]), Median(theirs[p].Zip(times, (a, b) => a / b))))]);
    }

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

    // All sides alike: .NET compiles in tiers, the peers grow their arenas and start their threads.
    private static void WarmUp(Action run)
    {
        var elapsed = Stopwatch.StartNew();
        int calls = 0;
        do run();
        while (++calls < 40 && elapsed.ElapsedMilliseconds < 1500);
    }

    private static double Turn(Action run)
    {
        Thread.Sleep(50);
        run();
        return Milliseconds(run);
    }
}
