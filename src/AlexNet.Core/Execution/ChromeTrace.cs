using System.Text.Json;

namespace AlexNetTF.Execution;

/// <summary>Steps as the JSON events that Chrome's tracing reads, named as TensorFlow 1's timeline names them: the event is the op, its arguments say which.</summary>
internal static class ChromeTrace
{
    public static void Write(Stream stream, IReadOnlyList<TraceStep> steps)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("traceEvents");
        int process = 0;
        foreach (IGrouping<string, TraceStep> device in steps.GroupBy(step => step.Device, StringComparer.Ordinal))
        {
            WriteProcess(json, process, $"{device.Key} Compute");
            var laneEnds = new List<TimeSpan>();
            foreach (TraceStep step in device.OrderBy(step => step.Start)) WriteStep(json, step, process, LaneOf(step, laneEnds));
            process++;
        }

        json.WriteEndArray();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteEndObject();
    }

    // The first lane that is free when the step begins.
    private static int LaneOf(TraceStep step, List<TimeSpan> ends)
    {
        int lane = ends.FindIndex(end => end <= step.Start);
        if (lane < 0)
        {
            lane = ends.Count;
            ends.Add(default);
        }

        ends[lane] = step.Start + step.Duration;
        return lane;
    }

    private static void WriteProcess(Utf8JsonWriter json, int process, string name)
    {
        json.WriteStartObject();
        json.WriteString("name", "process_name");
        json.WriteString("ph", "M");
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", 0);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A complete event; times in microseconds.
    private static void WriteStep(Utf8JsonWriter json, TraceStep step, int process, int lane)
    {
        json.WriteStartObject();
        json.WriteString("name", step.Op);
        json.WriteString("cat", "Op");
        json.WriteString("ph", "X");
        json.WriteNumber("pid", process);
        json.WriteNumber("tid", lane);
        json.WriteNumber("ts", step.Start.TotalMicroseconds);
        json.WriteNumber("dur", step.Duration.TotalMicroseconds);
        json.WriteStartObject("args");
        json.WriteString("name", step.Name);
        json.WriteString("op", step.Op);
        json.WriteString("outputs", step.Outputs);
        json.WriteNumber("output_bytes", step.OutputBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
