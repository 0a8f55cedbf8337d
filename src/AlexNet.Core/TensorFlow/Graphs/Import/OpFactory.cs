namespace AlexNetTF.TensorFlow;

/// <summary>Makes an op from a node's attributes.</summary>
/// <param name="Inputs">How many data inputs the op takes; −1 for any number.</param>
/// <param name="Make">Reads the attributes.</param>
internal sealed record OpFactory(int Inputs, Func<NodeReader, OpDef> Make)
{
    public const int AnyNumber = -1;

    private static readonly Dictionary<string, OpFactory> All = MakeAll();

    /// <summary>The ops that can be imported.</summary>
    public static IReadOnlyCollection<string> Types => All.Keys;

    /// <summary>The factory for an op type; null where this library lacks the op.</summary>
    public static OpFactory? Find(string type) => All.GetValueOrDefault(type);

    private static Dictionary<string, OpFactory> MakeAll()
    {
        var all = new Dictionary<string, OpFactory>(StringComparer.Ordinal);
        ArrayFactories.AddTo(all);
        MathFactories.AddTo(all);
        NnFactories.AddTo(all);
        StateFactories.AddTo(all);
        return all;
    }
}

/// <summary>Short forms for the tables.</summary>
internal static class OpFactories
{
    /// <summary>An op with attributes.</summary>
    public static void Add(this Dictionary<string, OpFactory> table, string type, int inputs, Func<NodeReader, OpDef> make) => table.Add(type, new OpFactory(inputs, make));

    /// <summary>An op whose attributes all follow from its inputs.</summary>
    public static void Add<T>(this Dictionary<string, OpFactory> table, string type, int inputs)
        where T : OpDef, new() => table.Add(type, new OpFactory(inputs, _ => new T()));
}
