using System.Diagnostics;

namespace AlexNetTF.Execution;

/// <summary>When each step of an engine's latest run began, and when the last one ended; for one run at a time.</summary>
internal sealed class StepClock
{
    private readonly List<(string Name, long Start)> steps = [];
    private long end;

    /// <summary>Steps of the latest run with their times in milliseconds.</summary>
    public IEnumerable<(string Name, double Milliseconds)> Steps => steps.Select((step, i) =>
        (step.Name, Stopwatch.GetElapsedTime(step.Start, i + 1 < steps.Count ? steps[i + 1].Start : end).TotalMilliseconds));

    public void Begin() => steps.Clear();

    public void Start(string step) => steps.Add((step, Stopwatch.GetTimestamp()));

    public void End() => end = Stopwatch.GetTimestamp();
}
