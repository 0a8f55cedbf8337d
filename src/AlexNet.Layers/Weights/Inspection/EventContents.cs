using AlexNetTF.TensorFlow;

namespace AlexNetTF.Weights;

/// <summary>What a TensorFlow event file holds: one entry for each tag.</summary>
internal static class EventContents
{
    private const string Kind = "TensorFlow event file";

    /// <summary>Whether the file begins with a record whose length has the right checksum.</summary>
    public static bool Recognises(WeightBytes file) => RecordFraming.IsHeader(file.Head);

    public static FileContents Of(string path)
    {
        var tags = new Dictionary<(LoggedEventKind Kind, string Tag), Summary>();
        var notes = new List<string>();
        try
        {
            foreach (LoggedEvent logged in EventFileReader.Read(path))
            {
                if (logged.Kind == LoggedEventKind.FileVersion) continue;
                var key = (logged.Kind, logged.Tag);
                tags[key] = tags.GetValueOrDefault(key, Summary.None).With(logged);
            }
        }
        catch (FileFormatException damage) when (tags.Count > 0)
        {
            // The file of a run that was cut short, or that is still being written, holds what stands before.
            notes.Add(damage.Message);
        }

        return new FileContents(Kind, [.. tags.Select(tag => tag.Value.Entry(tag.Key.Kind, tag.Key.Tag))], notes);
    }

    private sealed record Summary(long Count, WeightStatistics Numbers, double Sum, double Min, double Max, long Height, long Width)
    {
        public static Summary None { get; } = new(0, WeightStatistics.None, 0, double.PositiveInfinity, double.NegativeInfinity, 0, 0);

        public Summary With(LoggedEvent logged) => logged.Kind switch
        {
            LoggedEventKind.Scalar => this with { Count = Count + 1, Numbers = Numbers.With([logged.Scalar]) },
            LoggedEventKind.Histogram when logged.Histogram is { } histogram => this with
            {
                Count = Count + 1, Sum = Sum + histogram.Sum, Min = Math.Min(Min, histogram.Min), Max = Math.Max(Max, histogram.Max),
            },
            _ => this with { Count = Count + 1, Height = logged.Height, Width = logged.Width },
        };

        public FileContentsEntry Entry(LoggedEventKind kind, string tag) => kind switch
        {
            LoggedEventKind.Scalar => new(tag, "scalar", [Count], Numbers),
            LoggedEventKind.Histogram => new(tag, "histogram", [Count], new WeightStatistics(Sum, (float)Min, (float)Max, 0)),
            LoggedEventKind.Image => new(tag, "image", [Count, Height, Width], null),
            _ => new(tag.Length > 0 ? tag : kind.ToString(), kind.ToString().ToLowerInvariant(), [Count], null),
        };
    }
}
