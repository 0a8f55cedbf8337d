using System.Text.RegularExpressions;

namespace AlexNetTF;

/// <summary>
/// Summary ops: each gives, as a string, a serialised Summary message that <see cref="SummaryWriter"/> writes for TensorBoard.
/// The tag is the node's name, scopes and <c>_1</c> included, as in TensorFlow 1.
/// </summary>
public static partial class Summary
{
    /// <summary>A number of a curve (<c>tf.summary.scalar</c>).</summary>
    /// <param name="name">The tag within the current name scope; characters that no name may hold become <c>_</c>.</param>
    /// <param name="tensor">A scalar number.</param>
    /// <param name="collections">Where the result is added; the collection <c>summaries</c> if null.</param>
    /// <param name="family">A word that TensorBoard groups by, put before the tag.</param>
    public static Tensor Scalar(string name, Tensor tensor, IEnumerable<string>? collections = null, string? family = null) =>
        Add(name, family, tensor, collections, "tags", new ScalarSummaryOp());

    /// <summary>Counts of a tensor's values (<c>tf.summary.histogram</c>). A run fails where a value is not finite.</summary>
    /// <param name="name">The tag; see <see cref="Scalar"/>.</param>
    /// <param name="values">Numbers of any shape.</param>
    /// <param name="collections">Where the result is added; the collection <c>summaries</c> if null.</param>
    /// <param name="family">A word that TensorBoard groups by.</param>
    public static Tensor Histogram(string name, Tensor values, IEnumerable<string>? collections = null, string? family = null) =>
        Add(name, family, values, collections, "tag", new HistogramSummaryOp());

    /// <summary>
    /// Pictures (<c>tf.summary.image</c>), with the tags <c>name/image</c> or, of several, <c>name/image/0</c> … Floating-point
    /// pictures are scaled one by one: without negative numbers so that the largest becomes 255, else so that 0 becomes 128.
    /// </summary>
    /// <param name="name">The tag; see <see cref="Scalar"/>.</param>
    /// <param name="tensor">[batch, height, width, channels], 1 (grey), 3 (RGB) or 4 (RGBA) channels, float32, float64 or uint8.</param>
    /// <param name="maxOutputs">How many of the batch are shown.</param>
    /// <param name="collections">Where the result is added; the collection <c>summaries</c> if null.</param>
    /// <param name="family">A word that TensorBoard groups by.</param>
    public static Tensor Image(string name, Tensor tensor, int maxOutputs = 3, IEnumerable<string>? collections = null, string? family = null) =>
        Add(name, family, tensor, collections, "tag", new ImageSummaryOp(maxOutputs, ImageSummaryOp.Red));

    /// <summary>One string of several summaries (<c>tf.summary.merge</c>).</summary>
    /// <param name="inputs">Summaries of different tags.</param>
    /// <param name="name">The name scope of the node.</param>
    public static Tensor Merge(IEnumerable<Tensor> inputs, string? name = null)
    {
        Tensor[] all = [.. inputs];
        if (all.Length == 0) throw new GraphException("Summary.Merge needs at least one summary.");
        using NameScope scope = all[0].Graph.NameScope(name ?? "Merge");
        return all[0].Graph.Add(new MergeSummaryOp(), all);
    }

    /// <summary>All summaries of a graph as one (<c>tf.summary.merge_all</c>); null where there is none.</summary>
    /// <param name="graph">The graph; <see cref="Graph.Default"/> if null.</param>
    /// <param name="key">The collection.</param>
    /// <param name="scope">A regular expression that the summaries' names must match from their start.</param>
    public static Tensor? MergeAll(Graph? graph = null, string key = GraphKeys.Summaries, string? scope = null)
    {
        Tensor[] all = [.. (graph ?? Graph.Default).GetCollection(key, scope).OfType<Tensor>()];
        return all.Length == 0 ? null : Merge(all);
    }

    private static Tensor Add(string name, string? family, Tensor values, IEnumerable<string>? collections, string argument, OpDef def)
    {
        Graph graph = values.Graph;
        string clean = Clean(name);
        using NameScope scope = graph.NameScope(family is null ? clean : $"{Clean(family)}/{clean}");
        string tag = scope.Name[..^1];
        if (family is not null) tag = $"{Clean(family)}/{tag}";
        Tensor summary = graph.Add(def, [graph.Constant(tag, argument), values], scope.Name);
        foreach (string collection in collections ?? [GraphKeys.Summaries]) graph.AddToCollection(collection, summary);
        return summary;
    }

    private static string Clean(string name) => Illegal().Replace(name, "_").TrimStart('/');

    [GeneratedRegex(@"[^-/\w.]")]
    private static partial Regex Illegal();
}
