using System.Diagnostics;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.TensorFlow;

/// <summary>What TensorFlow notes of every node of one run.</summary>
internal sealed class NativeTrace
{
    private readonly long call = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;
    private List<(string Device, NodeExecStats Node)> nodes = [];

    /// <summary>The RunOptions that ask for it.</summary>
    public static byte[] RunOptions { get; } = new RunOptions { TraceLevel = Protos.RunOptions.Types.TraceLevel.FullTrace }.ToByteArray();

    /// <summary>Takes the RunMetadata that a run returned.</summary>
    public void Read(ReadOnlySpan<byte> metadata) => nodes =
    [
        .. RunMetadata.Parser.ParseFrom(metadata).StepStats?.DevStats.SelectMany(device => device.NodeStats.Select(node => (device.Device, node))) ?? [],
    ];

    /// <summary>Hands over what was noted; the call ends now.</summary>
    public void WriteTo(RunTrace trace)
    {
        TimeSpan duration = Stopwatch.GetElapsedTime(call);
        long origin = Origin(duration);
        TraceStep[] steps = [.. nodes.Select(pair => StepOf(pair.Device, pair.Node, origin)).OrderBy(step => step.Start)];
        trace.Set(steps, start, duration);
    }

    private static long StartOf(NodeExecStats node) => node.AllStartNanos > 0 ? node.AllStartNanos : node.AllStartMicros * 1000;

    private static long LengthOf(NodeExecStats node) => node.AllEndRelNanos > 0 ? node.AllEndRelNanos : node.AllEndRelMicros * 1000;

    private static TraceStep StepOf(string device, NodeExecStats node, long origin) => new(
        node.NodeName,
        OpOf(node),
        device,
        Nanoseconds(StartOf(node) - origin),
        Nanoseconds(LengthOf(node)),
        string.Join(", ", node.Output.Select(output => Text(output.TensorDescription))),
        node.Output.Sum(output => output.TensorDescription?.AllocationDescription?.RequestedBytes ?? 0));

    private static TimeSpan Nanoseconds(long count) => TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick);

    // TensorFlow's label is "name = Op(inputs)"; a copy between devices has another.
    private static string OpOf(NodeExecStats node)
    {
        string label = node.TimelineLabel;
        int begin = label.IndexOf(" = ", StringComparison.Ordinal), end = label.IndexOf('(', begin + 1);
        return begin >= 0 && end > begin ? label[(begin + 3)..end] : node.NodeName;
    }

    private static string Text(TensorDescription? output)
    {
        if (output is null) return "";
        const int Reference = 100;
        var type = (DType)((int)output.Dtype % Reference);
        string name = Enum.IsDefined(type) ? type.Name() : output.Dtype.ToString();
        return $"{name} [{string.Join(",", output.Shape?.Dim.Select(dim => dim.Size) ?? [])}]";
    }

    // TensorFlow's clock is the system's. Where it is another machine's and the steps fall outside the call, the first one begins with it.
    private long Origin(TimeSpan duration)
    {
        if (nodes.Count == 0) return 0;
        long called = (start - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        long first = nodes.Min(pair => StartOf(pair.Node)), last = nodes.Max(pair => StartOf(pair.Node) + LengthOf(pair.Node));
        return first >= called && last <= called + (duration.Ticks * TimeSpan.NanosecondsPerTick) ? called : first;
    }
}
