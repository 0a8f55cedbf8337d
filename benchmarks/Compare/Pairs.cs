using System.Diagnostics;

namespace AlexNetTF.Benchmarks;

/// <summary>Times calls in turn, ours and each peer's, so that a machine whose speed drifts drifts for all of them.</summary>
internal static class Pairs
{
    /// <summary>The medians of the times, and of the ratios of neighbouring calls.</summary>
    public static Row Time(string name, int runs, Action ours, params (string Peer, Action Run)[] peers)
    {
        ours();
        foreach ((_, Action run) in peers) run();
        var times = new List<double>();
        List<double>[] theirs = [.. peers.Select(_ => new List<double>())];
        for (int i = 0; i < runs; i++)
        {
            times.Add(Milliseconds(ours));
            for (int p = 0; p < peers.Length; p++) theirs[p].Add(Milliseconds(peers[p].Run));
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
}
