using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>Finds the dictionary of named tensors in what a .pth file holds, which may be nested in a checkpoint.</summary>
internal sealed class StateDictionary
{
    private const int DeepestNesting = 8;

    // Under which keys training scripts keep the model, the likeliest first.
    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights", "params"];

    private readonly PickleMachine _machine;
    private readonly List<(string Key, List<KeyValuePair<string, TorchTensor>> Tensors)> _found = [];
    private readonly HashSet<PickleDictionary> _seen = new(ReferenceEqualityComparer.Instance);

    private StateDictionary(PickleMachine machine) => _machine = machine;

    /// <summary>The names and tensors, in the file's order.</summary>
    public static List<KeyValuePair<string, TorchTensor>> Find(PickleMachine machine, object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw machine.Error("the file holds something other than a dictionary; save model.state_dict()");
        }

        var search = new StateDictionary(machine);
        search.Visit("", dictionary, 0);
        return search.Choose();
    }

    private void Visit(string key, PickleDictionary dictionary, int depth)
    {
        if (depth == DeepestNesting || !_seen.Add(dictionary))
        {
            return;
        }

        var tensors = new List<KeyValuePair<string, TorchTensor>>();
        foreach ((object itemKey, object? value) in dictionary.Items)
        {
            if (value is not (TorchTensor or PickleDictionary))
            {
                continue;
            }

            string name = itemKey is PickleBlob blob ? _machine.Text(blob) : Convert.ToString(itemKey, CultureInfo.InvariantCulture)!;
            if (value is TorchTensor tensor)
            {
                tensors.Add(new(name, tensor));
            }
            else
            {
                Visit(name, (PickleDictionary)value, depth + 1);
            }
        }

        if (tensors.Count > 0)
        {
            _found.Add((key, tensors));
        }
    }

    /// <summary>The only dictionary with tensors; of several the only one with names of weights, or the one under the likeliest key.</summary>
    private List<KeyValuePair<string, TorchTensor>> Choose()
    {
        var candidates = _found.Count > 1
            ? _found.FindAll(found => found.Tensors.Exists(tensor => tensor.Key.EndsWith(".weight", StringComparison.Ordinal)))
            : _found;
        if (candidates.Count == 0)
        {
            throw _machine.Error("no dictionary of the file holds tensors with names");
        }

        if (candidates.Count == 1)
        {
            return candidates[0].Tensors;
        }

        string? key = Array.Find(UsualKeys, key => candidates.Count(candidate => candidate.Key == key) == 1);
        return key is not null
            ? candidates.Find(candidate => candidate.Key == key).Tensors
            : throw _machine.Error(
                $"several dictionaries could be the weights: {string.Join(", ", candidates.Select(candidate => $"'{candidate.Key}'"))}; save the one that is meant");
    }
}
