using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using SummaryValue = AlexNetTF.TensorFlow.Protos.Summary.Types.Value;

namespace AlexNetTF;

/// <summary>
/// Reads event files: those of TensorFlow 1 and of this library, and the curves, histograms and pictures that TensorFlow 2
/// writes as tensors.
/// </summary>
public static class EventFileReader
{
    /// <summary>The event files of a folder, oldest first: all files with <c>tfevents</c> in their names.</summary>
    public static IReadOnlyList<string> FindFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file).Contains("tfevents", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Reads a file's values one after the other.</summary>
    /// <param name="path">The file; it may still be written to by another process.</param>
    /// <returns>The values, until the end of the file or the first damage.</returns>
    /// <exception cref="FileFormatException">
    /// A record is cut off or damaged. What stood before it has been returned by then: the file of a run that was cut short
    /// can be read up to there.
    /// </exception>
    public static IEnumerable<LoggedEvent> Read(string path)
    {
        var tensors = new TensorSummaries(path);
        foreach (Event record in ReadRecords(path))
        {
            if (record.WhatCase != Event.WhatOneofCase.Summary)
            {
                yield return Plain(record);
                continue;
            }

            foreach (SummaryValue value in record.Summary.Value)
            {
                yield return Of(value, New(record, LoggedEventKind.Other) with { Tag = value.Tag }, tensors);
            }
        }
    }

    /// <summary>Reads a file's records as they are.</summary>
    internal static IEnumerable<Event> ReadRecords(string path)
    {
        using var stream = InputFile.OpenShared(path, "event file", 1 << 16);
        for (long offset = 0; RecordFraming.Read(stream, path) is { } bytes; offset = stream.Position)
        {
            yield return Parse(bytes, path, offset);
        }
    }

    private static Event Parse(byte[] bytes, string path, long offset)
    {
        try
        {
            return Event.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FileFormatException(path, $"the record at offset {offset} is no event: {error.Message}", error);
        }
    }

    private static LoggedEvent New(Event record, LoggedEventKind kind) => new() { WallTime = record.WallTime, Step = record.Step, Kind = kind };

    private static LoggedEvent Plain(Event record) => record.WhatCase switch
    {
        Event.WhatOneofCase.FileVersion => New(record, LoggedEventKind.FileVersion) with { Tag = record.FileVersion },
        Event.WhatOneofCase.GraphDef => New(record, LoggedEventKind.Graph) with { Content = record.GraphDef.Memory },
        Event.WhatOneofCase.MetaGraphDef => New(record, LoggedEventKind.MetaGraph) with { Content = record.MetaGraphDef.Memory },
        Event.WhatOneofCase.SessionLog => New(record, LoggedEventKind.Session) with { Tag = record.SessionLog.Status.ToString() },
        _ => New(record, LoggedEventKind.Other),
    };

    private static LoggedEvent Of(SummaryValue value, LoggedEvent logged, TensorSummaries tensors) => value.ValueCase switch
    {
        SummaryValue.ValueOneofCase.SimpleValue => logged with { Kind = LoggedEventKind.Scalar, Scalar = value.SimpleValue },
        SummaryValue.ValueOneofCase.Histo => logged with { Kind = LoggedEventKind.Histogram, Histogram = Of(value.Histo) },
        SummaryValue.ValueOneofCase.Image => logged with
        {
            Kind = LoggedEventKind.Image, Content = value.Image.EncodedImageString.Memory, Height = value.Image.Height, Width = value.Image.Width,
        },
        SummaryValue.ValueOneofCase.Tensor => tensors.Of(value, logged),
        _ => logged,
    };

    private static LoggedHistogram Of(HistogramProto histogram) =>
        new(histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares, [.. histogram.BucketLimit], [.. histogram.Bucket]);
}
