using System.Globalization;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>
/// Writes an event file for TensorBoard, as TensorFlow 1's <c>FileWriter</c> does. One folder is one run in TensorBoard;
/// keep one writer open per folder. May be used from several threads.
/// </summary>
public sealed class EventFileWriter : IDisposable
{
    private const string FileVersion = "brain.Event:2";
    private readonly FileStream stream;
    private readonly TimeProvider time;
    private readonly HashSet<string> tagsWithMetadata = [];
    private readonly Lock gate = new();

    /// <summary>Creates the file <c>events.out.tfevents.SECONDS.HOST</c> in a folder, which is created where it is missing.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="suffix">What the file's name ends with.</param>
    /// <param name="time">The clock; the system's where it is null.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public EventFileWriter(string folder, string suffix = "", TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        stream = Create(folder, suffix);
        Write(new Event { FileVersion = FileVersion });
        Flush();
    }

    /// <summary>The file.</summary>
    public string FilePath => stream.Name;

    /// <summary>Writes a number of a curve.</summary>
    /// <param name="tag">The curve's name.</param>
    /// <param name="value">The number; NaN and infinities are allowed.</param>
    /// <param name="step">The training step.</param>
    public void AddScalar(string tag, float value, long step) =>
        Add(new SummaryProto.Types.Value { Tag = tag, SimpleValue = value }, step);

    /// <summary>Writes a histogram of values, in TensorFlow's buckets.</summary>
    /// <typeparam name="T">float, double, int, long or byte.</typeparam>
    /// <param name="tag">The histogram's name.</param>
    /// <param name="values">The values.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="AlexNetException">A value is not finite, or the type is another.</exception>
    public void AddHistogram<T>(string tag, ReadOnlySpan<T> values, long step)
        where T : unmanaged
    {
        if (TryAddHistogram(tag, values, step) is >= 0 and var notFinite) throw new AlexNetException($"The histogram \"{tag}\" at step {step} has the value {values[notFinite]} at position {notFinite}; it takes finite numbers only.");
    }

    /// <summary>Writes a histogram where all values are finite.</summary>
    /// <returns>−1, or the position of the first value that is not.</returns>
    internal int TryAddHistogram<T>(string tag, ReadOnlySpan<T> values, long step)
        where T : unmanaged
    {
        var histogram = new HistogramBuilder();
        int notFinite = histogram.Add(values);
        if (notFinite < 0) Add(new SummaryProto.Types.Value { Tag = tag, Histo = histogram.ToProto() }, step);
        return notFinite;
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="tag">The picture's name.</param>
    /// <param name="png">The encoded picture.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGBA.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="AlexNetException">Another number of channels.</exception>
    public void AddImage(string tag, ReadOnlySpan<byte> png, int height, int width, int channels, long step)
    {
        if (channels is not (1 or 3 or 4)) throw new AlexNetException($"The picture \"{tag}\" has {channels} channels; TensorBoard shows 1 (grey), 3 (RGB) or 4 (RGBA).");
        var image = new SummaryProto.Types.Image { Height = height, Width = width, Colorspace = channels, EncodedImageString = ByteString.CopyFrom(png) };
        Add(new SummaryProto.Types.Value { Tag = tag, Image = image }, step);
    }

    /// <summary>Writes the graph.</summary>
    /// <param name="graphDef">A serialised GraphDef.</param>
    /// <param name="step">The training step.</param>
    public void AddGraph(ReadOnlySpan<byte> graphDef, long step = 0) =>
        Write(new Event { GraphDef = ByteString.CopyFrom(graphDef), Step = step });

    /// <summary>Writes the graph with its collections and saver.</summary>
    /// <param name="metaGraphDef">A serialised MetaGraphDef.</param>
    /// <param name="step">The training step.</param>
    public void AddMetaGraph(ReadOnlySpan<byte> metaGraphDef, long step = 0) =>
        Write(new Event { MetaGraphDef = ByteString.CopyFrom(metaGraphDef), Step = step });

    /// <summary>Writes what a summary op returned.</summary>
    /// <param name="summary">A serialised Summary.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="AlexNetException">The bytes are no Summary.</exception>
    public void AddSummary(ReadOnlySpan<byte> summary, long step)
    {
        try
        {
            Add(SummaryProto.Parser.ParseFrom(summary), step);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new AlexNetException($"What was given for step {step} is no serialised Summary ({error.Message}); give what a summary op returned.", error);
        }
    }

    /// <summary>
    /// Marks that a run goes on from a step: TensorBoard then forgets points at or after it, which an interrupted run left.
    /// </summary>
    /// <param name="step">The first step to come.</param>
    public void AddSessionStart(long step) =>
        Write(new Event { SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start }, Step = step });

    /// <summary>Hands everything written so far to the operating system, so that TensorBoard sees it.</summary>
    public void Flush()
    {
        lock (gate) stream.Flush();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose()
    {
        lock (gate) stream.Dispose();
    }

    private void Add(SummaryProto.Types.Value value, long step) => Add(new SummaryProto { Value = { value } }, step);

    private void Add(SummaryProto summary, long step)
    {
        lock (gate)
        {
            // A tag's metadata are read from its first value only.
            foreach (SummaryProto.Types.Value value in summary.Value)
            {
                if (value.Metadata is not null && !tagsWithMetadata.Add(value.Tag)) value.Metadata = null;
            }
        }

        Write(new Event { Summary = summary, Step = step });
    }

    private void Write(Event record)
    {
        // Whole microseconds, as TensorFlow has them.
        record.WallTime = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond / 1e6;
        byte[] bytes = record.ToByteArray();
        using var framed = new MemoryStream(bytes.Length + RecordFraming.Overhead);
        RecordFraming.Write(framed, bytes);
        // One write: a process that is killed leaves a whole record or none.
        lock (gate) AtomicFile.Append(stream, framed.GetBuffer().AsSpan(0, (int)framed.Length));
    }

    // Two writers that start in the same second get names of their own.
    private FileStream Create(string folder, string suffix)
    {
        string seconds = time.GetUtcNow().ToUnixTimeSeconds().ToString("0000000000", CultureInfo.InvariantCulture);
        string name = Path.Combine(folder, $"events.out.tfevents.{seconds}.{Environment.MachineName}");
        for (int attempt = 0; ; attempt++)
        {
            string path = $"{name}{(attempt == 0 ? "" : $".{attempt}")}{suffix}";
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            }
            catch (IOException) when (File.Exists(path))
            {
                continue;
            }
        }
    }
}
