namespace AlexNetTF;

/// <summary>Writes a session's variables as a weight file: the way back of <see cref="WeightLoader"/>.</summary>
public static class WeightSaver
{
    /// <summary>
    /// Writes the variables LAYER/weights and LAYER/biases of the session's graph, bit for bit. A file gets its name only
    /// when all of it is on the disk.
    /// </summary>
    /// <param name="session">The session whose variables are written; all must have values.</param>
    /// <param name="path">The file to create or replace; of a checkpoint the prefix of its files.</param>
    /// <param name="format">The format.</param>
    /// <param name="topology">The topology that the weights belong to, kept where the format has a place for it.</param>
    /// <returns>The files written, the one that stands for all first.</returns>
    /// <exception cref="RunException">A variable has no value.</exception>
    public static IReadOnlyList<string> Save(Session session, string path, WeightFormat format, string? topology = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Variable[] variables = [.. session.Graph.GlobalVariables().Where(WeightLoader.IsParameter)];
        if (variables.Length == 0) throw new GraphException("The graph has no variables LAYER/weights or LAYER/biases to write.");
        if (format == WeightFormat.Checkpoint) return SaveCheckpoint(session, path, variables);
        Use(session, variables, values =>
        {
            switch (format)
            {
                case WeightFormat.Npy: WeightFile.WriteNpyDictionary(path, values); break;
                case WeightFormat.Npz: WeightFile.WriteNpz(path, values); break;
                case WeightFormat.Safetensors:
                    WeightFile.WriteSafetensors(path, values, topology is null ? null : new Dictionary<string, string> { ["topology"] = topology });
                    break;
                default: throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format.");
            }
        });
        return [path];
    }

    /// <summary>
    /// Hands out float variables as a file's tensors, LAYER/PARAMETER, without a copy where the engine holds them: valid until
    /// <paramref name="use"/> returns, which must not run or write anything in the session.
    /// </summary>
    internal static void Use(Session session, IReadOnlyList<Variable> variables, Action<IReadOnlyList<WeightValues>> use) =>
        VariableValues.Use(session, variables, values => use([.. variables.Zip(values, Describe)]));

    private static string[] SaveCheckpoint(Session session, string prefix, Variable[] variables)
    {
        using var writer = new CheckpointWriter(prefix);
        // TensorFlow's own order in the data file.
        foreach (Variable variable in variables.OrderBy(variable => variable.Op.Name, StringComparer.Ordinal))
        {
            writer.Add(variable.Op.Name, session.Run(variable.Value));
        }

        writer.Commit();
        return [prefix + ".index", prefix + ".data-00000-of-00001"];
    }

    private static WeightValues Describe(Variable variable, ReadOnlyMemory<float> values)
    {
        string name = variable.Op.Name;
        int slash = name.LastIndexOf('/');
        return new WeightValues(slash < 0 ? "" : name[..slash], name[(slash + 1)..], [.. variable.Shape.ToArray().Select(size => (long)size)], values);
    }
}
