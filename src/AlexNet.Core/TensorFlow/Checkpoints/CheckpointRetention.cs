namespace AlexNetTF.TensorFlow;

/// <summary>
/// Which checkpoints of a run stay: the newest <c>maxToKeep</c>, and, where hours are given, one for good whenever so
/// many hours have passed, by TensorFlow's rules. Checkpoints that other runs left are not touched.
/// </summary>
internal sealed class CheckpointRetention
{
    private readonly List<(string Prefix, double Time)> kept = [];
    private readonly int maxToKeep;
    private readonly double keepEverySeconds;
    private double nextPreserved;

    /// <param name="maxToKeep">How many stay; 0 for all.</param>
    /// <param name="keepEveryHours">How many hours lie between checkpoints that stay for good.</param>
    /// <param name="now">The time, in seconds since 1970.</param>
    public CheckpointRetention(int maxToKeep, double keepEveryHours, double now)
    {
        this.maxToKeep = maxToKeep;
        keepEverySeconds = keepEveryHours * 3600;
        nextPreserved = now + keepEverySeconds;
    }

    /// <summary>The prefixes that the state file lists, oldest first.</summary>
    public IReadOnlyList<string> Prefixes => [.. kept.Select(k => k.Prefix)];

    /// <summary>When each of them was written.</summary>
    public IReadOnlyList<double> Times => [.. kept.Select(k => k.Time)];

    /// <summary>Goes on with checkpoints of an earlier run, oldest first.</summary>
    public void Recover(IEnumerable<(string Prefix, double Time)> earlier) => kept.AddRange(earlier);

    /// <summary>
    /// Notes a new checkpoint; one of the same name counts as new. With 0 to keep, the list stays empty, so that the
    /// state file names only the newest.
    /// </summary>
    /// <returns>The prefixes whose files are to be deleted, once the state file is written.</returns>
    public IReadOnlyList<string> Add(string prefix, double now)
    {
        if (maxToKeep == 0) return [];
        kept.RemoveAll(k => k.Prefix == prefix);
        kept.Add((prefix, now));
        if (kept.Count <= maxToKeep) return [];
        (string oldest, double written) = kept[0];
        kept.RemoveAt(0);
        if (written <= nextPreserved) return [oldest];
        nextPreserved += keepEverySeconds;
        return [];
    }
}
