using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>
/// The arrays of a pickled structure: a dictionary of layers, each a list [weights, biases] or a dictionary of
/// parameters, nested or bare. In a list the first array of rank 2 or more is the weights and the first vector the
/// biases, as the article's loader tells them apart; any other keeps its position as its name.
/// </summary>
internal sealed class PickledWeights
{
    private const int DeepestNesting = 8;

    private readonly PickleMachine _machine;
    private readonly List<(string[] Path, string Stored, bool Named, NumpyArray Array)> _leaves = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);
    private long _visits;

    private PickledWeights(PickleMachine machine)
    {
        _machine = machine;
        _visits = 10_000 + (machine.File.Length / 16);
    }

    /// <summary>Reads the pickle between two bytes of a file.</summary>
    public static (List<WeightEntry> Entries, List<string> Notes) Read(WeightBytes file, long start, long end, List<IDisposable> owned)
    {
        var cursor = new PickleCursor(file, start, end);
        var machine = new PickleMachine(cursor, new NumpyDialect(owned));
        object? root = machine.Run();
        if (cursor.Position != end)
        {
            throw file.Error(cursor.Position, $"{end - cursor.Position:N0} bytes follow the end of the pickle");
        }

        var weights = new PickledWeights(machine);
        weights.Visit(root, [], "", named: true);
        if (weights._leaves.Count == 0)
        {
            throw file.Error(start, "the pickle holds no arrays");
        }

        return (weights.Entries(), weights._notes);
    }

    private void Visit(object? value, string[] path, string stored, bool named)
    {
        if (_visits-- == 0)
        {
            throw _machine.Error("the structure repeats itself more often than the file is long");
        }

        switch (value)
        {
            case NumpyArray { Layout: null } array:
                throw _machine.File.Error(array.Position, "an array is made whose state never comes");
            case NumpyArray { Numbers: not null } array:
                _leaves.Add((path, stored, named, array));
                break;
            case NumpyArray { Objects: { Count: 1 } objects, Layout.Shape.Length: 0 }:
                Nested(value, path, () => Visit(objects[0], path, stored, named));
                break;
            case NumpyArray { Objects: { } objects }:
                Nested(value, path, () => VisitItems(objects, path, stored));
                break;
            case PickleList list:
                Nested(value, path, () => VisitItems(list.Items, path, stored));
                break;
            case PickleTuple tuple:
                Nested(value, path, () => VisitItems(tuple.Items, path, stored));
                break;
            case PickleDictionary dictionary:
                Nested(value, path, () => VisitDictionary(dictionary, path, stored));
                break;
            case long or double or bool:
                _leaves.Add((path, stored, named, Number(Convert.ToDouble(value, CultureInfo.InvariantCulture))));
                break;
            case PickleBlob or null:
                _notes.Add($"'{stored}' is no array and was left out");
                break;
            default:
                throw _machine.Error($"'{stored}' is neither an array nor a list or dictionary of arrays");
        }
    }

    /// <summary>Goes into a container, unless it contains itself or the nesting is deeper than any weights'.</summary>
    private void Nested(object container, string[] path, Action visit)
    {
        if (!_open.Add(container))
        {
            throw _machine.Error("a container contains itself");
        }

        if (_open.Count > DeepestNesting)
        {
            throw _machine.Error($"containers are nested deeper than {DeepestNesting} levels at '{string.Join('/', path)}'");
        }

        visit();
        _open.Remove(container);
    }

    private void VisitItems(IReadOnlyList<object?> items, string[] path, string stored)
    {
        for (int i = 0; i < items.Count; i++)
        {
            string position = i.ToString(CultureInfo.InvariantCulture);
            Visit(items[i], [.. path, position], $"{stored}[{position}]", named: false);
        }
    }

    private void VisitDictionary(PickleDictionary dictionary, string[] path, string stored)
    {
        foreach ((object key, object? value) in dictionary.Items)
        {
            string name = key is PickleBlob blob ? _machine.Text(blob) : Convert.ToString(key, CultureInfo.InvariantCulture)!;
            Visit(value, [.. path, name], stored.Length == 0 ? name : $"{stored}/{name}", named: true);
        }
    }

    private NumpyArray Number(double value)
    {
        var array = new NumpyArray(_machine.Position);
        byte[] bytes = BitConverter.GetBytes(value);
        array.SetNumbers(
            TensorLayout.InOrder(), new StoredTensor(new ValueRegion(_machine.File, _machine.Position, bytes), ElementType.Float64, !BitConverter.IsLittleEndian));
        return array;
    }

    private List<WeightEntry> Entries()
    {
        WeightEntries.RequireFewer(_machine.File, _machine.Position, _leaves.Count);
        int wrappers = Wrappers();
        var entries = new List<WeightEntry>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string[] path, string stored, bool named, NumpyArray array) in _leaves)
        {
            (string layer, string parameter) = Name(path[wrappers..], named, array.Layout!.Shape.Length, taken);
            if (!taken.Add($"{layer}/{parameter}"))
            {
                throw _machine.File.Error(array.Numbers!.Region.FilePosition, $"'{layer}/{parameter}' comes twice");
            }

            entries.Add(WeightEntries.AsStored(layer, parameter, stored, array.Layout, array.Numbers!));
        }

        return entries;
    }

    /// <summary>How many outer levels only wrap the dictionary of layers: one key that all share.</summary>
    private int Wrappers()
    {
        int wrappers = 0;
        while (_leaves.All(leaf => leaf.Path.Length >= wrappers + 3 && leaf.Path[wrappers] == _leaves[0].Path[wrappers]))
        {
            wrappers++;
        }

        return wrappers;
    }

    private static (string Layer, string Parameter) Name(string[] path, bool named, int rank, HashSet<string> taken)
    {
        if (path.Length <= 1)
        {
            return path.Length == 1 ? LayerNames.Split(path[0]) : ("", "array");
        }

        string layer = string.Join('/', path[..^1]);
        if (named)
        {
            return (layer, LayerNames.Parameter(path[^1]));
        }

        string byRank = rank switch
        {
            0 => path[^1],
            1 => LayerNames.Biases,
            _ => LayerNames.Weights,
        };
        return (layer, taken.Contains($"{layer}/{byRank}") ? path[^1] : byRank);
    }
}
