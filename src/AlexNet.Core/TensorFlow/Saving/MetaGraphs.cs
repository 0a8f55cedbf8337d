using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.TensorFlow;

/// <summary>A graph with its collections and saver, as TensorFlow's MetaGraphDef.</summary>
internal static class MetaGraphs
{
    private const string Version = "1.15.5";

    public static MetaGraphDef Write(Graph graph, SaverDef? saver = null, params IReadOnlyList<string> tags)
    {
        var meta = new MetaGraphDef
        {
            MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef { TensorflowVersion = Version },
            GraphDef = GraphDefWriter.Write(graph, withShapes: true),
        };
        meta.MetaInfoDef.Tags.AddRange(tags);
        if (saver is not null) meta.SaverDef = saver;
        foreach (string key in graph.CollectionKeys)
        {
            if (Collection(graph.GetCollection(key)) is { } collection) meta.CollectionDef.Add(key, collection);
        }

        return meta;
    }

    public static Saver? Import(Graph graph, string path, string prefix) => Import(graph, GraphFile.Read(path), prefix);

    public static Saver? Import(Graph graph, GraphFile file, string prefix)
    {
        string path = file.Path;
        if (file.Meta is not { } meta) throw new FileFormatException(path, "it is a GraphDef without collections; read it with ImportGraphDef.");
        string[] wanted = meta.SaverDef is { FilenameTensorName.Length: > 0 } saver ? [saver.FilenameTensorName, saver.SaveTensorName, saver.RestoreOpName] : [];
        (string scope, IReadOnlyList<Fetch> nodes) = GraphImporter.ImportScoped(graph, file, prefix, null, wanted);
        foreach ((string key, CollectionDef collection) in meta.CollectionDef) AddCollection(graph, key, collection, scope, path);
        return nodes is [{ Tensor: { } name }, { Tensor: { } save }, { } restore]
            ? new Saver(new SaverNodes(name, save, restore.Op), meta.SaverDef!.MaxToKeep, TimeProvider.System)
            : null;
    }

    // Variables as TensorFlow's own records, nodes by name; other things of a program's own are left out.
    private static CollectionDef? Collection(IReadOnlyList<object> items)
    {
        if (items.All(item => item is Variable)) return new CollectionDef { BytesList = new() { Value = { items.Cast<Variable>().Select(variable => Record(variable).ToByteString()) } } };
        if (items.All(item => item is Tensor or Operation)) return new CollectionDef { NodeList = new() { Value = { items.Select(item => item is Tensor tensor ? tensor.Name : ((Operation)item).Name) } } };
        return null;
    }

    private static VariableDef Record(Variable variable) => new()
    {
        VariableName = variable.Name,
        InitializerName = variable.Initializer.Name,
        SnapshotName = variable.Value.Name,
        InitialValueName = variable.InitialValue.Name,
        Trainable = variable.Trainable,
    };

    // One variable stands in several collections.
    private static void AddCollection(Graph graph, string key, CollectionDef collection, string scope, string path)
    {
        if (collection.KindCase == CollectionDef.KindOneofCase.NodeList)
        {
            foreach (string name in collection.NodeList.Value)
            {
                if (name.Contains(':')) graph.AddToCollection(key, graph.GetTensor(scope + name));
                else graph.AddToCollection(key, graph.GetOperation(scope + name));
            }
        }
        else if (collection.KindCase == CollectionDef.KindOneofCase.BytesList && key is GraphKeys.GlobalVariables or GraphKeys.TrainableVariables or GraphKeys.LocalVariables or GraphKeys.GlobalStep or GraphKeys.MovingAverageVariables)
        {
            ImportedVariables known = graph.Extension<ImportedVariables>();
            foreach (ByteString bytes in collection.BytesList.Value) graph.AddToCollection(key, known.Find(graph, Parse(bytes, path), scope));
        }
    }

    private static VariableDef Parse(ByteString bytes, string path)
    {
        try
        {
            return VariableDef.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FileFormatException(path, $"a variable's record is damaged: {error.Message}", error);
        }
    }

    private sealed class ImportedVariables
    {
        private readonly Dictionary<string, Variable> byName = new(StringComparer.Ordinal);

        public Variable Find(Graph graph, VariableDef record, string scope)
        {
            string name = scope + record.VariableName;
            if (byName.TryGetValue(name, out Variable? variable)) return variable;
            Operation initializer = graph.GetOperation(scope + record.InitializerName);
            Tensor initial = record.InitialValueName.Length > 0 ? graph.GetTensor(scope + record.InitialValueName) : initializer.Inputs[1];
            variable = new Variable(graph.GetTensor(name), initial, initializer, graph.GetTensor(scope + record.SnapshotName), record.Trainable);
            byName.Add(name, variable);
            return variable;
        }
    }
}
