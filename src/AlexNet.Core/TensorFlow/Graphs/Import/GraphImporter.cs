using System.Globalization;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>Adds the nodes of a file to a graph, whatever their order, and all or none of them.</summary>
internal sealed class GraphImporter
{
    private readonly Graph graph;
    private readonly GraphFile file;
    private readonly string scope;
    private readonly IReadOnlyDictionary<string, Tensor> inputMap;
    private readonly Dictionary<string, NodeDef> nodes;
    private readonly Dictionary<string, Operation> made = new(StringComparer.Ordinal);
    private readonly HashSet<string> begun = new(StringComparer.Ordinal);
    private readonly int producer;

    private GraphImporter(Graph graph, GraphFile file, string scope, IReadOnlyDictionary<string, Tensor>? inputMap)
    {
        this.graph = graph;
        this.file = file;
        this.scope = scope;
        this.inputMap = inputMap ?? new Dictionary<string, Tensor>();
        nodes = file.Graph.Node.ToDictionary(node => node.Name, StringComparer.Ordinal);
        producer = file.Graph.Versions?.Producer ?? 0;
    }

    public static IReadOnlyList<Fetch> Import(
        Graph graph,
        GraphFile file,
        string prefix,
        IReadOnlyDictionary<string, Tensor>? inputMap,
        IEnumerable<string>? returnElements) => ImportScoped(graph, file, prefix, inputMap, returnElements).Elements;

    /// <summary>As <see cref="Import"/>; also gives the scope that the nodes were put into, with a trailing slash or "".</summary>
    public static (string Scope, IReadOnlyList<Fetch> Elements) ImportScoped(
        Graph graph,
        GraphFile file,
        string prefix,
        IReadOnlyDictionary<string, Tensor>? inputMap,
        IEnumerable<string>? returnElements)
    {
        Graph.Mark before = graph.MarkOperations();
        string scope;
        using (NameScope opened = graph.NameScope(prefix.Length == 0 ? "" : prefix)) scope = opened.Name;
        var importer = new GraphImporter(graph, file, scope, inputMap);
        try
        {
            foreach (NodeDef node in file.Graph.Node) importer.Add(node);
            importer.TellRestoredShapes();
            return (scope, [.. (returnElements ?? []).Select(importer.Element)]);
        }
        catch
        {
            graph.RemoveSince(before);
            throw;
        }
    }

    // A node's inputs come before it; a stack of its own, so that a long chain does not exhaust the thread's.
    private void Add(NodeDef first)
    {
        var open = new Stack<NodeDef>([first]);
        while (open.TryPeek(out NodeDef? node))
        {
            if (made.ContainsKey(node.Name))
            {
                open.Pop();
                continue;
            }

            NodeDef[] missing = [.. node.Input.Select(InputName).Where(name => name is not null && !made.ContainsKey(name)).Distinct().Select(name => NodeOf(name!, node))];
            if (missing.Length == 0)
            {
                made.Add(node.Name, Make(node));
                open.Pop();
            }
            else if (!begun.Add(node.Name))
            {
                throw new FileFormatException(file.Path, $"the node \"{node.Name}\" depends on itself through \"{missing[0].Name}\"; graphs with loops are not supported.");
            }
            else
            {
                foreach (NodeDef input in missing.Reverse()) open.Push(input);
            }
        }
    }

    // What a run reads from a checkpoint has the size of the variable that it goes to.
    private void TellRestoredShapes()
    {
        foreach (Operation assign in made.Values.Where(op => op.Def is AssignOp))
        {
            Tensor value = assign.Inputs[1];
            while (value.Op.Def is IdentityOp) value = value.Op.Inputs[0];
            if (value.Op.Def is RestoreV2Op restore) restore.Expect(value.Index, assign.Inputs[0].Shape);
        }
    }

    private Operation Make(NodeDef node)
    {
        var reader = new NodeReader(node, file.Path, producer);
        if (node.Op.Length == 0 || OpFactory.Find(node.Op) is not { } factory) throw reader.Error($"the op {node.Op} is not known to this library.");
        if (factory.Inputs >= 0 && factory.Inputs != reader.InputCount) throw reader.Error($"it has {reader.InputCount} inputs; the op takes {factory.Inputs}.");
        if (factory.Inputs < 0 && reader.InputCount == 0) throw reader.Error("it has no inputs; the op takes at least one.");
        Tensor[] inputs = [.. node.Input.Where(input => !input.StartsWith('^')).Select(input => Input(input, reader))];
        Operation[] controls = [.. node.Input.Where(input => input.StartsWith('^')).Select(input => made[input[1..]])];
        var place = new NodePlace(scope + node.Name, node.Device, [.. reader.Colocation().Select(name => scope + name)]);
        Operation op = Guard(reader, () => graph.AddOperation(place, factory.Make(reader), inputs, controls));
        if (AttributeCheck.Problem(node, op) is { } problem) throw reader.Error(problem);
        return op;
    }

    // What a shape rule or a constructor cannot make sense of is the file's fault.
    private static Operation Guard(NodeReader reader, Func<Operation> add)
    {
        try
        {
            return add();
        }
        catch (NameTakenException)
        {
            throw;
        }
        catch (Exception error) when (error is GraphException or RunException)
        {
            throw reader.Error(error.Message, error);
        }
        catch (Exception error) when (error is ArithmeticException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            throw reader.Error($"its inputs or attributes do not fit the op ({error.Message})", error);
        }
    }

    private Tensor Input(string input, NodeReader reader)
    {
        if (Mapped(input) is { } other) return other;
        (string name, int index) = Split(input) ?? throw reader.Error($"its input \"{input}\" is no tensor's name.");
        Operation op = made[name];
        return index < op.Outputs.Count ? op.Outputs[index] : throw reader.Error($"its input \"{input}\" is beyond the {op.Outputs.Count} outputs of {op}.");
    }

    private Tensor? Mapped(string input) => inputMap.GetValueOrDefault(input)
        ?? (input.EndsWith(":0", StringComparison.Ordinal) ? inputMap.GetValueOrDefault(input[..^2]) : inputMap.GetValueOrDefault(input + ":0"));

    // Null for an input that a tensor of the graph takes the place of.
    private string? InputName(string input) => input.StartsWith('^') ? input[1..] : Mapped(input) is not null ? null : Split(input)?.Name ?? input;

    private NodeDef NodeOf(string name, NodeDef user) => nodes.GetValueOrDefault(name)
        ?? throw new FileFormatException(file.Path, $"the node \"{user.Name}\" (op {user.Op}) takes \"{name}\", which the graph lacks.");

    private Fetch Element(string name)
    {
        if (Split(name) is not { } part || !made.TryGetValue(part.Name, out Operation? op)) throw new GraphException($"{file.Path} has no node for \"{name}\".");
        if (!name.Contains(':')) return op;
        return part.Index < op.Outputs.Count ? op.Outputs[part.Index] : throw new GraphException($"{file.Path}: {op} has {op.Outputs.Count} outputs; \"{name}\" asks for output {part.Index}.");
    }

    private static (string Name, int Index)? Split(string tensor)
    {
        int colon = tensor.LastIndexOf(':');
        if (colon < 0) return (tensor, 0);
        return int.TryParse(tensor.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? (tensor[..colon], index) : null;
    }
}
