using System.Text.RegularExpressions;

namespace AlexNetTF;

/// <summary>The keys of TensorFlow's standard collections.</summary>
public static class GraphKeys
{
    /// <summary>All variables of the model.</summary>
    public const string GlobalVariables = "variables";

    /// <summary>Variables that an optimizer changes by default.</summary>
    public const string TrainableVariables = "trainable_variables";

    /// <summary>Variables of one process, not saved.</summary>
    public const string LocalVariables = "local_variables";

    /// <summary>The sums of metrics.</summary>
    public const string MetricVariables = "metric_variables";

    /// <summary>Summary tensors.</summary>
    public const string Summaries = "summaries";

    /// <summary>Regularization losses.</summary>
    public const string RegularizationLosses = "regularization_losses";

    /// <summary>Losses.</summary>
    public const string Losses = "losses";

    /// <summary>Operations to run with each training step.</summary>
    public const string UpdateOps = "update_ops";

    /// <summary>Training operations.</summary>
    public const string TrainOp = "train_op";

    /// <summary>The step counter.</summary>
    public const string GlobalStep = "global_step";

    /// <summary>Savers.</summary>
    public const string Savers = "savers";

    /// <summary>Initializing operations.</summary>
    public const string InitOp = "init_op";

    /// <summary>Variables that have a moving average.</summary>
    public const string MovingAverageVariables = "moving_average_variables";
}

/// <content>Collections: named lists that travel with the graph.</content>
public sealed partial class Graph
{
    private readonly Dictionary<string, List<object>> collections = new(StringComparer.Ordinal);

    /// <summary>The keys of all collections that hold something.</summary>
    public IReadOnlyCollection<string> CollectionKeys => [.. collections.Where(pair => pair.Value.Count > 0).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>Adds a value to a collection.</summary>
    public void AddToCollection(string key, object value)
    {
        if (!collections.TryGetValue(key, out List<object>? list)) collections.Add(key, list = []);
        list.Add(value);
    }

    /// <summary>The values of a collection in the order in which they came.</summary>
    /// <param name="key">The key, see <see cref="GraphKeys"/>.</param>
    /// <param name="scope">A regular expression that must match from the start of the item's name; items without a name are then left out.</param>
    /// <returns>A copy; empty for a key that does not exist.</returns>
    public IReadOnlyList<object> GetCollection(string key, string? scope = null)
    {
        if (!collections.TryGetValue(key, out List<object>? list)) return [];
        if (string.IsNullOrEmpty(scope)) return [.. list];
        var start = new Regex($"\\A(?:{scope})");
        return [.. list.Where(item => NameOf(item) is { } name && start.IsMatch(name))];
    }

    private static string? NameOf(object item) => item switch
    {
        Tensor tensor => tensor.Name,
        Operation operation => operation.Name,
        INamed named => named.Name,
        _ => null,
    };
}

/// <summary>Something with a graph name, so that collections can be filtered by it.</summary>
internal interface INamed
{
    string Name { get; }
}
