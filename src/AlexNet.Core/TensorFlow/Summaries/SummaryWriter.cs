using AlexNetTF.TensorFlow;
using Google.Protobuf;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Writes what summary ops return, and numbers of one's own, to a folder that TensorBoard shows (<c>tf.summary.FileWriter</c>).
/// May be used from several threads.
/// </summary>
public sealed class SummaryWriter : IDisposable
{
    private readonly EventFileWriter events;

    /// <summary>Creates an event file in a folder, and writes the graph where one is given.</summary>
    /// <param name="folder">The run's folder; one writer at a time.</param>
    /// <param name="graph">The graph to show, or null.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public SummaryWriter(string folder, Graph? graph = null)
    {
        events = new EventFileWriter(folder);
        if (graph is not null) Add(graph);
    }

    /// <summary>The event file.</summary>
    public string FilePath => events.FilePath;

    /// <summary>Writes a summary as a run gave it (<c>add_summary</c>).</summary>
    /// <param name="summary">The value of a summary op.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="AlexNetException">It is no summary.</exception>
    public void Add(NDArray summary, long step) => events.AddSummary(StringValues.ToBytes(summary), step);

    /// <summary>Writes a serialised Summary message.</summary>
    public void Add(ReadOnlySpan<byte> summary, long step) => events.AddSummary(summary, step);

    /// <summary>Writes the graph, with shapes on its edges, and what belongs to it (<c>add_graph</c>).</summary>
    public void Add(Graph graph)
    {
        events.AddGraph(GraphDefWriter.Write(graph, withShapes: true).ToByteArray());
        events.AddMetaGraph(MetaGraphs.Write(graph).ToByteArray());
        events.Flush();
    }

    /// <summary>Writes a number of a curve.</summary>
    public void AddScalar(string tag, float value, long step) => events.AddScalar(tag, value, step);

    /// <summary>Writes counts of values.</summary>
    /// <exception cref="AlexNetException">A value is not finite.</exception>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step) => events.AddHistogram(tag, values, step);

    /// <summary>Writes counts of values where all are finite.</summary>
    /// <returns>Whether they are.</returns>
    internal bool TryAddHistogram(string tag, ReadOnlySpan<float> values, long step) => events.TryAddHistogram(tag, values, step) < 0;

    /// <summary>As the other one, for an array of float32.</summary>
    internal unsafe bool TryAddHistogram(string tag, NDArray values, long step)
    {
        NDArray plain = NDArrays.IsPlain(values) ? values : values.copy();
        bool finite = TryAddHistogram(tag, new ReadOnlySpan<float>(NDArrays.AddressOf(plain), checked((int)plain.size)), step);
        GC.KeepAlive(plain);
        return finite;
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="tag">The picture's name.</param>
    /// <param name="pixels">Rows from the top, channels of a pixel side by side.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGBA.</param>
    /// <param name="step">The training step.</param>
    /// <exception cref="AlexNetException">The sizes do not fit the pixels, or the number of channels is another.</exception>
    public void AddImage(string tag, ReadOnlySpan<byte> pixels, int height, int width, int channels, long step)
    {
        if (pixels.Length != (long)height * width * channels) throw new AlexNetException($"The picture \"{tag}\" of {height} x {width} pixels with {channels} channels needs {(long)height * width * channels} bytes; there are {pixels.Length}.");
        events.AddImage(tag, PngWriter.Encode(pixels, height, width, channels), height, width, channels, step);
    }

    /// <summary>Marks that a run goes on from a step: TensorBoard forgets what an interrupted run left at or after it.</summary>
    public void AddSessionStart(long step) => events.AddSessionStart(step);

    /// <summary>Hands everything written so far to the operating system, so that TensorBoard sees it.</summary>
    public void Flush() => events.Flush();

    /// <summary>Writes what is left and closes the file.</summary>
    public void Dispose() => events.Dispose();
}
