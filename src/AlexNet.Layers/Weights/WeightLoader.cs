using AlexNetTF.Execution;

namespace AlexNetTF;

/// <summary>Loads weight files into a session's variables.</summary>
public static class WeightLoader
{
    /// <summary>
    /// Reads a weight file of any known format into the variables LAYER/weights and LAYER/biases of the session's graph.
    /// Values go from the file straight into the variables' memory, or the file becomes that memory (<see cref="WeightLoading.Map"/>). Either all variables change or none.
    /// </summary>
    /// <param name="session">The session whose variables are set.</param>
    /// <param name="path">The file; its format is told by its content.</param>
    /// <param name="skipLayer">Layers to leave as they are.</param>
    /// <param name="allowNonFinite">Accepts infinities and NaN, which are otherwise refused.</param>
    /// <param name="loading">Whether values are read or mapped.</param>
    /// <returns>What was loaded, skipped, missing and unexpected.</returns>
    /// <exception cref="FileFormatException">The file is damaged or unknown, holds a value that is not finite, or a shape that is not the variable's.</exception>
    /// <exception cref="GraphException">A layer to skip exists neither in the graph nor in the file.</exception>
    public static WeightReport Load(
        Session session, string path, IEnumerable<string>? skipLayer = null, bool allowNonFinite = false, WeightLoading loading = WeightLoading.Read)
    {
        using WeightSource source = WeightFile.Open(path);
        HashSet<string> skip = [.. (skipLayer ?? []).Where(layer => layer.Length > 0)];
        Dictionary<string, Variable> variables = session.Graph.GlobalVariables().Where(IsParameter).ToDictionary(variable => variable.Op.Name, StringComparer.Ordinal);
        Dictionary<string, WeightEntry> entries = source.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        RequireKnown(skip, variables.Keys.Concat(entries.Keys), path);

        var lines = new List<WeightReportLine>();
        var matched = new List<(Variable Variable, WeightEntry Entry)>();
        foreach ((string name, Variable variable) in variables)
        {
            WeightState state = skip.Contains(LayerOf(name)) ? WeightState.Skipped : entries.ContainsKey(name) ? WeightState.Loaded : WeightState.Missing;
            if (state == WeightState.Loaded) matched.Add((variable, entries[name]));
            lines.Add(new WeightReportLine(name, state, variable.Shape));
        }

        lines.AddRange(entries.Values
            .Where(entry => !variables.ContainsKey(entry.Name))
            .Select(entry => new WeightReportLine(entry.Name, WeightState.Unexpected, ShapeOf(entry))));
        RequireFit(path, matched);
        long mapped = 0;
        session.Engine.Write([.. matched.Select(pair => Write(source, pair.Variable, pair.Entry, allowNonFinite) with { Map = loading == WeightLoading.Map ? () => Map(pair.Entry) : null })]);
        return new WeightReport(path, source.Kind, lines, source.Hints.Notes) { MappedBytes = mapped };

        OwnedMemory? Map(WeightEntry entry)
        {
            OwnedMemory? memory = source.Map(entry, allowNonFinite);
            mapped += memory?.Bytes ?? 0;
            return memory;
        }
    }

    internal static bool IsParameter(Variable variable) => variable.Op.Name.Contains('/')
        && variable.Op.Name.AsSpan(variable.Op.Name.LastIndexOf('/') + 1) is "weights" or "biases";

    private static string LayerOf(string name) => name[..name.LastIndexOf('/')];

    private static Shape ShapeOf(WeightEntry entry) => Shape.Of([.. entry.Shape.Select(size => checked((int)size))]);

    private static unsafe VariableWrite Write(WeightSource source, Variable variable, WeightEntry entry, bool allowNonFinite) =>
        new(variable.Op, address => source.ReadInto(entry, new Span<float>((void*)address, checked((int)entry.Count)), allowNonFinite));

    private static void RequireKnown(HashSet<string> skip, IEnumerable<string> names, string path)
    {
        HashSet<string> layers = [.. names.Where(name => name.Contains('/')).Select(LayerOf)];
        foreach (string layer in skip.Where(layer => !layers.Contains(layer)))
        {
            throw new GraphException($"The layer '{layer}' is to be skipped, but neither the graph nor {path} has it. Layers are {string.Join(", ", layers.Order(StringComparer.Ordinal))}.");
        }
    }

    // All that does not fit is told at once, before anything is read.
    private static void RequireFit(string path, List<(Variable Variable, WeightEntry Entry)> matched)
    {
        string[] problems =
        [
            .. matched.Where(pair => !ShapeOf(pair.Entry).Equals(pair.Variable.Shape))
                .Select(pair => $"'{pair.Entry.Name}' has shape {ShapeOf(pair.Entry)} in the file and {pair.Variable.Shape} in the graph"),
            .. matched.Where(pair => pair.Variable.DType != DType.Float32)
                .Select(pair => $"the variable '{pair.Entry.Name}' holds {pair.Variable.DType.Name()}; weights are float32"),
        ];
        if (problems.Length > 0)
        {
            throw new FileFormatException(path, $"the weights do not fit the graph: {string.Join("; ", problems)}. Skip these layers, or build the graph as the file's network (classes, topology).");
        }
    }
}
