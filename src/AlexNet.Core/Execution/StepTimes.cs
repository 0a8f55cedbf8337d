using System.Diagnostics;

namespace AlexNetTF.Execution;

/// <summary>When the steps of one run of the managed engine began, and the run itself.</summary>
internal sealed class StepTimes
{
    private const string Device = "/job:localhost/replica:0/task:0/device:CPU:0";
    private readonly long call = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;
    private long[] marks = [];

    /// <summary>The run has this many steps.</summary>
    public void Begin(int steps) => marks = new long[steps + 1];

    /// <summary>A step begins and the one before ends; after the last one, their number.</summary>
    public void Mark(int step) => marks[step] = Stopwatch.GetTimestamp();

    /// <summary>Hands over what was noted; the call ends now.</summary>
    public void WriteTo(RunTrace trace, Program program)
    {
        TimeSpan duration = Stopwatch.GetElapsedTime(call);
        trace.Set([.. program.Steps.Select((step, i) => StepOf(step.Node, i))], start, duration);
    }

    private TraceStep StepOf(PlanNode node, int i) => new(
        node.Name,
        node.Def.Type,
        Device,
        Stopwatch.GetElapsedTime(call, marks[i]),
        Stopwatch.GetElapsedTime(marks[i], marks[i + 1]),
        string.Join(", ", node.Outputs.Select(output => output.Info)),
        node.Outputs.Sum(output => output.Info.Bytes));
}
