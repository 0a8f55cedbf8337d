namespace AlexNetTF.Benchmarks;

/// <summary>Names of the sides that run in processes of their own, and the rows that they make together.</summary>
internal sealed class Sides(bool tensorFlow, Action<string> note) : IDisposable
{
    public const string Ours = "ours", OnnxRuntime = "onnxruntime", TensorFlow = "tensorflow", OurStep = "ours-step", TensorFlowStep = "tensorflow-step";
    private readonly List<SideProcess> _open = [];

    /// <summary>Times calls in turn, ours and each peer's, so that a machine whose speed drifts drifts for all of them.</summary>
    /// <returns>The medians of the times, and of the ratios of neighbouring calls.</returns>
    public Row Compare(string row, int runs)
    {
        SideProcess[] sides = [.. Of(row).Select(Open)];
        foreach (SideProcess side in sides) side.Prepare(row);
        List<double>[] times = [.. sides.Select(_ => new List<double>())];
        for (int i = 0; i < runs; i++)
        {
            for (int s = 0; s < sides.Length; s++) times[s].Add(sides[s].Turn());
        }

        return new Row(row, Clock.Median(times[0]), "ms", [.. sides.Skip(1).Select((side, p) =>
            new PeerValue(side.Name.Split('-')[0], Clock.Median(times[p + 1]), Clock.Median(times[p + 1].Zip(times[0], (theirs, ours) => theirs / ours))))]);
    }

    public void Dispose()
    {
        foreach (SideProcess side in _open) side.Dispose();
    }

    private IEnumerable<string> Of(string row)
    {
        bool step = row.StartsWith("step", StringComparison.Ordinal);
        yield return step ? OurStep : Ours;
        if (!step) yield return OnnxRuntime;
        if (tensorFlow) yield return step ? TensorFlowStep : TensorFlow;
    }

    // Sides of rows that come later wait, and cost memory only.
    private SideProcess Open(string name)
    {
        if (_open.Find(side => side.Name == name) is { } open) return open;
        var added = new SideProcess(name, note);
        _open.Add(added);
        return added;
    }
}
