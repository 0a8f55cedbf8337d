using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>How a SavedModel is called: names of arguments and results, and the tensors that they are in its graph.</summary>
/// <param name="Key">The signature's name.</param>
/// <param name="Method">What kind of call it is, such as <c>tensorflow/serving/predict</c>.</param>
/// <param name="Inputs">Tensor names (<c>x:0</c>) by argument.</param>
/// <param name="Outputs">Tensor names by result.</param>
public sealed record ModelSignature(string Key, string Method, IReadOnlyDictionary<string, string> Inputs, IReadOnlyDictionary<string, string> Outputs);

/// <summary>
/// SavedModels: the folder form that TensorFlow Serving and Triton load. <c>saved_model.pb</c> holds the graph with the tag
/// <c>serve</c> and its signature, <c>variables/</c> a checkpoint.
/// </summary>
public static class SavedModels
{
    /// <summary>The key of the signature that a server calls where none is named.</summary>
    public const string DefaultSignature = "serving_default";

    private const string File = "saved_model.pb";
    private const string VariablesFolder = "variables";
    private const string PredictMethod = "tensorflow/serving/predict";
    private const string ServeTag = "serve";
    private const long SchemaVersion = 1;

    /// <summary>Writes what these outputs need of a session's graph, and the values of its variables.</summary>
    /// <param name="session">Where the values are; its graph does not change.</param>
    /// <param name="folder">The model's folder, of which a server takes one per version: <c>alexnet/1</c>. It must not hold a model.</param>
    /// <param name="inputs">Placeholders by the names that a client gives their values under.</param>
    /// <param name="outputs">Tensors by the names that a client gets their values under.</param>
    /// <param name="fixedValues">Placeholders that always have the same value, such as the share that dropout keeps: they become constants, and dropout that keeps all is left out.</param>
    /// <param name="frozen">Whether variables become constants of the graph, so that the folder holds one file.</param>
    /// <exception cref="AlexNetException">The folder holds a model already, or a name is missing.</exception>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static void Save(
        Session session,
        string folder,
        IReadOnlyDictionary<string, Tensor> inputs,
        IReadOnlyDictionary<string, Tensor> outputs,
        Feeds? fixedValues = null,
        bool frozen = false)
    {
        if (outputs.Count == 0) throw new AlexNetException("A SavedModel needs at least one output.");
        string path = Path.Combine(folder, File);
        if (System.IO.File.Exists(path)) throw new AlexNetException($"{path} exists already; name another folder, such as that of the next version.");
        Tensor[] kept = [.. outputs.Values];
        Dictionary<Tensor, Tensor> replaced = DropoutElision.Find(session, kept, fixedValues ?? []);
        Dictionary<Tensor, TensorData> constants = (fixedValues ?? []).ToDictionary(pair => pair.Key, pair => Execution.FeedValues.ToData(pair.Key, pair.Value));
        Dictionary<Tensor, TensorData> values = GraphCopy.Values(session, kept, constants.Keys.ToHashSet());
        Graph graph = GraphCopy.Of([.. kept, .. inputs.Values], frozen ? new(constants.Concat(values)) : constants, replaced);
        SaverDef? saver = frozen || values.Count == 0 ? null : WriteVariables(graph, folder, values);
        MetaGraphDef meta = MetaGraphs.Write(graph, saver, ServeTag);
        meta.SignatureDef.Add(DefaultSignature, Signature(graph, inputs, outputs));
        GraphFile.Write(path, new SavedModel { SavedModelSchemaVersion = SchemaVersion, MetaGraphs = { meta } }, asText: false);
    }

    /// <summary>The signatures of a SavedModel.</summary>
    /// <param name="folder">The folder of <c>saved_model.pb</c>, or that file.</param>
    /// <exception cref="FileFormatException">The file is damaged or no SavedModel.</exception>
    public static IReadOnlyList<ModelSignature> ReadSignatures(string folder)
    {
        MetaGraphDef meta = Read(folder).Meta!;
        return [.. meta.SignatureDef.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ModelSignature(
            pair.Key,
            pair.Value.MethodName,
            pair.Value.Inputs.ToDictionary(item => item.Key, item => item.Value.Name),
            pair.Value.Outputs.ToDictionary(item => item.Key, item => item.Value.Name)))];
    }

    /// <summary>Opens a SavedModel: its graph, and a session whose variables have its values.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">Engine, threads, precision.</param>
    /// <exception cref="FileFormatException">The file is damaged or no SavedModel, or a node cannot be here.</exception>
    public static Session Load(string folder, SessionOptions? options = null)
    {
        var graph = new Graph();
        GraphFile file = Read(folder);
        Saver? saver = MetaGraphs.Import(graph, file, "");
        var session = new Session(graph, options);
        string prefix = VariablesPrefix(Path.GetDirectoryName(file.Path)!);
        if (saver is not null && System.IO.File.Exists(CheckpointPaths.Index(prefix))) saver.Restore(session, prefix);
        return session;
    }

    private static GraphFile Read(string folder)
    {
        string path = Directory.Exists(folder) ? Path.Combine(folder, File) : folder;
        GraphFile file = GraphFile.Read(path);
        return file.Kind == GraphFileKind.SavedModel ? file : throw new FileFormatException(path, $"it is a {file.Kind}, no SavedModel.");
    }

    private static string VariablesPrefix(string folder) => Path.Combine(folder, VariablesFolder, VariablesFolder);

    private static unsafe SaverDef WriteVariables(Graph graph, string folder, Dictionary<Tensor, TensorData> values)
    {
        KeyValuePair<Tensor, TensorData>[] sorted = [.. values.OrderBy(pair => pair.Key.Op.Name, StringComparer.Ordinal)];
        using (var writer = new CheckpointWriter(VariablesPrefix(folder)))
        {
            foreach ((Tensor variable, TensorData value) in sorted)
            {
                writer.Add(variable.Op.Name, AttributeCodec.Of(value.Type), Array.ConvertAll(value.Dims, size => (long)size), value.Memory.Pointer);
            }

            writer.Commit();
        }

        SaverNodes nodes = SaverNodes.Add(graph, sorted.Select(pair => KeyValuePair.Create(pair.Key.Op.Name, graph.GetTensor(pair.Key.Name))), "save");
        return new Saver(nodes, 0, TimeProvider.System).Definition();
    }

    private static SignatureDef Signature(Graph graph, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> outputs)
    {
        var signature = new SignatureDef { MethodName = PredictMethod };
        foreach ((string name, Tensor tensor) in inputs) signature.Inputs.Add(name, Describe(graph.GetTensor(tensor.Name)));
        foreach ((string name, Tensor tensor) in outputs) signature.Outputs.Add(name, Describe(graph.GetTensor(tensor.Name)));
        return signature;
    }

    private static TensorFlow.Protos.TensorInfo Describe(Tensor tensor) => new() { Name = tensor.Name, Dtype = AttributeCodec.Of(tensor.DType), TensorShape = AttributeCodec.Of(tensor.Shape) };
}
