using System.Globalization;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>
/// Saves variables to TensorFlow's checkpoints and restores them (<c>tf.train.Saver</c>). Its nodes stand in the graph, as
/// TensorFlow's do, so make it after the variables.
/// </summary>
public sealed class Saver
{
    private const double KeepEveryHours = 10000;
    private readonly SaverNodes nodes;
    private readonly CheckpointRetention retention;
    private readonly int maxToKeep;
    private readonly TimeProvider time;

    /// <summary>Adds the nodes.</summary>
    /// <param name="variables">The variables; all of the graph's if null.</param>
    /// <param name="maxToKeep">How many checkpoints stay in the folder; 0 for all.</param>
    /// <param name="name">The nodes' name scope.</param>
    /// <param name="graph">The graph, where no variables are given; <see cref="Graph.Default"/> if null.</param>
    /// <exception cref="GraphException">There is no variable.</exception>
    public Saver(IEnumerable<Variable>? variables = null, int maxToKeep = 5, string name = "save", Graph? graph = null)
        : this(Named(variables ?? (graph ?? Graph.Default).GlobalVariables()), maxToKeep, name)
    {
    }

    /// <summary>Adds the nodes, for variables that the checkpoint has under other names than the graph.</summary>
    /// <param name="variables">Variables by their names in the checkpoint.</param>
    /// <param name="maxToKeep">How many checkpoints stay in the folder; 0 for all.</param>
    /// <param name="name">The nodes' name scope.</param>
    /// <exception cref="GraphException">There is no variable.</exception>
    public Saver(IReadOnlyDictionary<string, Variable> variables, int maxToKeep = 5, string name = "save")
        : this(NodesFor(variables, name), maxToKeep, TimeProvider.System)
    {
    }

    internal Saver(SaverNodes nodes, int maxToKeep, TimeProvider time)
    {
        this.nodes = nodes;
        this.maxToKeep = maxToKeep;
        this.time = time;
        retention = new CheckpointRetention(maxToKeep, KeepEveryHours, Now);
    }

    /// <summary>The checkpoints that this saver has written and not deleted, oldest first.</summary>
    public IReadOnlyList<string> LastCheckpoints => retention.Prefixes;

    private double Now => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>The prefix of a folder's newest checkpoint, as its file <c>checkpoint</c> names it; null where there is none.</summary>
    public static string? LatestCheckpoint(string folder) => CheckpointReader.FindLatest(folder);

    /// <summary>
    /// Adds a graph from a <c>.meta</c> file with its collections, so that its variables are found again
    /// (<c>tf.train.import_meta_graph</c>).
    /// </summary>
    /// <param name="graph">Where it goes.</param>
    /// <param name="path">The file.</param>
    /// <param name="prefix">A name scope for all nodes; "" for none.</param>
    /// <returns>The saver whose nodes the graph holds; null where it holds none.</returns>
    /// <exception cref="FileFormatException">The file is damaged, or a node cannot be here.</exception>
    public static Saver? ImportMetaGraph(Graph graph, string path, string prefix = "") => MetaGraphs.Import(graph, path, prefix);

    /// <summary>
    /// Writes a checkpoint and the file <c>checkpoint</c> that names it, and deletes the oldest of this saver's checkpoints where
    /// there are more than are to be kept.
    /// </summary>
    /// <param name="session">Where the values are.</param>
    /// <param name="path">The path that the checkpoint's files start with.</param>
    /// <param name="globalStep">The training step, put behind the path: <c>model.ckpt-1000</c>.</param>
    /// <param name="writeMetaGraph">Whether the graph is written beside, as <c>.meta</c>.</param>
    /// <returns>The prefix, to be given to <see cref="Restore"/>.</returns>
    /// <exception cref="RunException">A variable has no value.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public string Save(Session session, string path, long? globalStep = null, bool writeMetaGraph = true)
    {
        string prefix = globalStep is { } step ? string.Create(CultureInfo.InvariantCulture, $"{path}-{step}") : path;
        Write(session, prefix, writeMetaGraph);
        string folder = Path.GetDirectoryName(prefix) is { Length: > 0 } given ? given : ".";
        IReadOnlyList<string> old = retention.Add(prefix, Now);
        CheckpointStateFile.Write(folder, prefix, retention.Prefixes, timestamps: retention.Times);
        foreach (string outdated in old) CheckpointPaths.Delete(outdated);
        return prefix;
    }

    /// <summary>Gives the variables the values of a checkpoint; all of them, or none where one is missing or does not fit.</summary>
    /// <param name="session">The session.</param>
    /// <param name="path">The prefix, or a folder whose file <c>checkpoint</c> names the newest.</param>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    /// <exception cref="RunException">A variable is missing in it, or differs in type or shape.</exception>
    /// <exception cref="FileFormatException">It is damaged.</exception>
    public void Restore(Session session, string path) =>
        session.Run(nodes.Restore, new Feeds { [nodes.FileName] = StringValues.FromText(CheckpointPaths.FindPrefix(path)) });

    /// <summary>Writes the checkpoint's own files; no other checkpoint, and no file that names one, changes.</summary>
    internal void Write(Session session, string prefix, bool writeMetaGraph)
    {
        session.Run(nodes.Save, new Feeds { [nodes.FileName] = StringValues.FromText(prefix) });
        if (writeMetaGraph) GraphFile.Write(prefix + ".meta", MetaGraphs.Write(session.Graph, Definition()), asText: false);
    }

    internal SaverDef Definition() => new()
    {
        FilenameTensorName = nodes.FileName.Name,
        SaveTensorName = nodes.Save.Name,
        RestoreOpName = nodes.Restore.Name,
        MaxToKeep = maxToKeep,
        KeepCheckpointEveryNHours = (float)KeepEveryHours,
        Version = SaverDef.Types.CheckpointFormatVersion.V2,
    };

    private static Dictionary<string, Variable> Named(IEnumerable<Variable> variables) => variables.ToDictionary(variable => variable.Op.Name, StringComparer.Ordinal);

    private static SaverNodes NodesFor(IReadOnlyDictionary<string, Variable> variables, string name)
    {
        if (variables.Count == 0) throw new GraphException("There is no variable to save; make the Saver after the variables.");
        return SaverNodes.Add(variables.Values.First().Graph, variables.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Reference)), name);
    }
}
