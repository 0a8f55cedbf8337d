using AlexNetTF.TensorFlow;
using Google.Protobuf;

namespace AlexNetTF;

/// <summary>Graphs out to TensorFlow's files and in from them.</summary>
public static class GraphFiles
{
    /// <summary>The graph as a serialised GraphDef, with its variables as variables.</summary>
    public static byte[] ToGraphDef(this Graph graph) => GraphDefWriter.Write(graph).ToByteArray();

    /// <summary>
    /// Writes the graph as a GraphDef: text where the name ends in <c>.pbtxt</c> or <c>.txt</c>, else binary. The file appears
    /// whole or not at all.
    /// </summary>
    /// <param name="graph">The graph; freeze it first where the file is to hold the variables' values.</param>
    /// <param name="path">The file.</param>
    public static void Save(this Graph graph, string path)
    {
        bool text = path.EndsWith(".pbtxt", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
        GraphFile.Write(path, GraphDefWriter.Write(graph), text);
    }

    /// <summary>
    /// Adds the operations of a GraphDef, MetaGraphDef or SavedModel file, binary or text, written by TensorFlow 1.8 to 2.21 or
    /// this library (<c>tf.import_graph_def</c>).
    /// </summary>
    /// <param name="graph">Where they go.</param>
    /// <param name="path">The file; of a SavedModel its <c>saved_model.pb</c>.</param>
    /// <param name="prefix">A name scope for all of them, made unique; "" for none (TensorFlow's default is <c>import</c>).</param>
    /// <param name="inputMap">Tensors of this graph that take the place of the file's, by name (<c>x:0</c>, or <c>x</c>).</param>
    /// <param name="returnElements">Names, in the file, of tensors (<c>prob:0</c>) and operations (<c>init</c>) to be returned.</param>
    /// <returns>What <paramref name="returnElements"/> names, in that order.</returns>
    /// <exception cref="FileFormatException">
    /// The file is damaged or holds no graph, or a node has an op that this library lacks, or attributes that it cannot have here.
    /// Nothing of the file is then in the graph.
    /// </exception>
    /// <exception cref="GraphException">A name is taken in the graph, or one asked for is not in the file.</exception>
    public static IReadOnlyList<Fetch> ImportGraphDef(
        this Graph graph,
        string path,
        string prefix = "",
        IReadOnlyDictionary<string, Tensor>? inputMap = null,
        IEnumerable<string>? returnElements = null) =>
        GraphImporter.Import(graph, GraphFile.Read(path), prefix, inputMap, returnElements);

    /// <summary>Adds the operations of a serialised GraphDef or MetaGraphDef; see the overload for files.</summary>
    public static IReadOnlyList<Fetch> ImportGraphDef(
        this Graph graph,
        byte[] graphDef,
        string prefix = "",
        IReadOnlyDictionary<string, Tensor>? inputMap = null,
        IEnumerable<string>? returnElements = null) =>
        GraphImporter.Import(graph, GraphFile.Parse(graphDef, "the GraphDef"), prefix, inputMap, returnElements);

    /// <summary>
    /// A new graph of what these outputs need, in which every variable is a constant of the value that it has in the session
    /// (TensorFlow's <c>convert_variables_to_constants</c>). Names stay.
    /// </summary>
    /// <param name="session">Where the values are.</param>
    /// <param name="outputs">Tensors to keep.</param>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static Graph Freeze(this Session session, params IReadOnlyList<Tensor> outputs) => GraphFreezer.Freeze(session, outputs);
}
