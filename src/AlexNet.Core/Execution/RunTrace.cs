using System.Globalization;
using System.Text;
using AlexNetTF.Execution;

namespace AlexNetTF;

/// <summary>
/// Where the time of a run goes, step by step: hand it to <see cref="Session.Run(Tensor, Feeds?, RunTrace, CancellationToken)"/>.
/// It holds the latest run that ended with it; it may be handed to many runs, also at once, and read from any thread.
/// A run without a trace pays nothing for it.
/// </summary>
public sealed class RunTrace
{
    private volatile Record latest = new([], default, TimeSpan.Zero);

    /// <summary>
    /// The steps in the order in which they began; none before the first run. The managed engine's are those of its plan, each once,
    /// one after the other; TensorFlow's those that it ran after its own rewriting, some side by side.
    /// </summary>
    public IReadOnlyList<TraceStep> Steps => latest.Steps;

    /// <summary>When Run was called.</summary>
    public DateTimeOffset Start => latest.Start;

    /// <summary>How long the call took. What no step accounts for is finding the plan (making it, in a first run), waiting for other runs and copying results.</summary>
    public TimeSpan Duration => latest.Duration;

    /// <summary>
    /// Writes the steps in the event format of Chrome's tracing, as TensorFlow 1's timeline does: for chrome://tracing and
    /// ui.perfetto.dev. A device is a process there; steps that ran side by side stand in several lanes.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <exception cref="IOException">The folder cannot be written to, or the disk is full.</exception>
    public void WriteChromeTrace(string path)
    {
        Record record = latest;
        AtomicFile.Write(path, stream => ChromeTrace.Write(stream, record.Steps));
    }

    /// <summary>A table of the steps that took longest: milliseconds, share of the whole call, megabytes of output, op, name.</summary>
    /// <param name="top">How many steps; the rest is summed up in a line, and so is what the call took beside its steps.</param>
    public string Table(int top = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        Record record = latest;
        var text = new StringBuilder($"{"ms",10} {"share",7} {"output MB",10}  step\n");
        TraceStep[] steps = [.. record.Steps.OrderByDescending(step => step.Duration)], rest = [.. steps.Skip(top)];
        foreach (TraceStep step in steps.Take(top)) Line(step.Duration, step.OutputBytes, $"{step.Op} {step.Name}");
        if (rest.Length > 0) Line(Sum(rest), rest.Sum(step => step.OutputBytes), $"{rest.Length} other steps");
        if (record.Beside is { } beside) Line(beside, null, "beside the steps");
        Line(record.Duration, null, "whole call");
        return text.ToString();

        void Line(TimeSpan time, long? bytes, string what)
        {
            double share = record.Duration > TimeSpan.Zero ? time / record.Duration : 0;
            string size = bytes is { } count ? (count / 1e6).ToString("F3", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds,10:F3} {share * 100,6:F1}% {size,10}  {what}\n");
        }
    }

    /// <summary>The table of the twenty longest steps.</summary>
    public override string ToString() => Table();

    /// <summary>Takes over what an ended run noted.</summary>
    internal void Set(IReadOnlyList<TraceStep> steps, DateTimeOffset start, TimeSpan duration) => latest = new Record(steps, start, duration);

    private static TimeSpan Sum(IEnumerable<TraceStep> steps) => steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Duration);

    private sealed record Record(IReadOnlyList<TraceStep> Steps, DateTimeOffset Start, TimeSpan Duration)
    {
        /// <summary>What the call took beside its steps; none where steps ran side by side.</summary>
        public TimeSpan? Beside => Duration - Sum(Steps) is { Ticks: >= 0 } rest ? rest : null;
    }
}
