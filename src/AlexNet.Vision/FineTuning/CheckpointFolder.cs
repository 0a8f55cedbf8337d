using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AlexNetTF.Execution;

namespace AlexNetTF.FineTuning;

/// <summary>
/// A checkpoint: <c>weights.safetensors</c> (what changes: trained variables, slots, powers) and <c>state.json</c> (all else),
/// with the variables that do not change in the run's <c>frozen.safetensors</c>, referred to by name and SHA-256.
/// </summary>
internal sealed class CheckpointFolder
{
    public const string WeightsFile = "weights.safetensors";
    public const string StateFile = "state.json";
    private readonly JsonObject content;

    private CheckpointFolder(string path)
    {
        Path = path;
        StatePath = System.IO.Path.Combine(path, StateFile);
        content = JsonFile.Read(StatePath, static content => content);
        if (Read(j => j.Int("version")) is var version and not 1)
        {
            throw new FileFormatException(StatePath, $"it has version {version}; this library reads version 1. Use the library that wrote it.");
        }
    }

    public string Path { get; }

    public string StatePath { get; }

    public Topology Topology => Read(j => j.EnumOf<Topology>("topology"));

    public Labels Labels => Read(j => new Labels(j.Strings("labels")));

    public Preprocessing Preprocessing => Preprocessing.FromJson(Read(j => j.Get("preprocessing").ToJsonString()));

    public TrainingState State => Read(j => TrainingState.FromJson(j.Get("state").AsObject()));

    /// <summary>The frozen file's name and SHA-256; null where every variable is trained.</summary>
    public (string Name, string Sha256)? Frozen => Read(j => j["frozen"] is JsonObject frozen ? (frozen.Text("file"), frozen.Text("sha256")) : ((string, string)?)null);

    /// <summary>A checkpoint by its own folder, or a run's best one.</summary>
    /// <exception cref="FileFormatException">There is none.</exception>
    public static CheckpointFolder Find(string path)
    {
        if (File.Exists(System.IO.Path.Combine(path, StateFile))) return new CheckpointFolder(path);
        CheckpointIndex index = CheckpointIndex.Read(path)
            ?? throw new FileFormatException(path, $"it is neither a run's folder ({CheckpointIndex.FileName} is missing) nor a checkpoint ({StateFile} is missing).");
        return Open(path, index.Best ?? index.Last);
    }

    /// <summary>A run's checkpoint.</summary>
    public static CheckpointFolder Open(string runFolder, string name) => new(System.IO.Path.Combine(runFolder, CheckpointIndex.Folder, name));

    /// <summary>Reads variables, all or none; checks both files' hashes.</summary>
    /// <returns>The names that neither file has.</returns>
    public string[] LoadInto(Session session, IReadOnlyList<Variable> variables)
    {
        using WeightSource weights = OpenVerified(System.IO.Path.Combine(Path, WeightsFile), Read(j => j.Text("weightsSha256")));
        using WeightSource? frozen = Frozen is var (name, hash) ? OpenVerified(System.IO.Path.Combine(RunFolder, name), hash) : null;
        Dictionary<string, (WeightSource Source, WeightEntry Entry)> entries = new(StringComparer.Ordinal);
        foreach (WeightSource source in frozen is null ? [weights] : new[] { weights, frozen })
        {
            foreach (WeightEntry entry in source.Entries) entries[entry.StoredName] = (source, entry);
        }

        var writes = new List<VariableWrite>();
        foreach (Variable variable in variables)
        {
            if (!entries.TryGetValue(variable.Op.Name, out (WeightSource Source, WeightEntry Entry) found)) continue;
            RequireShape(found.Source, found.Entry, variable);
            writes.Add(Write(variable, found.Source, found.Entry));
        }

        session.Engine.Write(writes);
        return [.. variables.Select(variable => variable.Op.Name).Where(name => !entries.ContainsKey(name))];
    }

    /// <summary>The SHA-256 of a file in hexadecimal.</summary>
    public static string HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string RunFolder => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "..", ".."));

    private static WeightSource OpenVerified(string path, string expected)
    {
        if (!File.Exists(path)) throw new FileFormatException(path, "the file is missing; a checkpoint is moved or copied with its run's whole folder.");
        string actual = HashOf(path);
        if (actual != expected) throw new FileFormatException(path, $"its SHA-256 is {actual}, the checkpoint was written with {expected}: the file was changed or damaged. Use another checkpoint.");
        return WeightFile.Open(path);
    }

    private static void RequireShape(WeightSource source, WeightEntry entry, Variable variable)
    {
        if (!entry.Shape.SequenceEqual(variable.Shape.ToArray().Select(size => (long)size)))
        {
            throw new FileFormatException(source.Path, $"'{entry.StoredName}' has shape [{string.Join(", ", entry.Shape)}], the network's variable {variable.Shape}. Put its layer into the skip list.");
        }
    }

    private static unsafe VariableWrite Write(Variable variable, WeightSource source, WeightEntry entry) =>
        new(variable.Op, address => source.ReadInto(entry, new Span<float>((void*)address, checked((int)entry.Count)), allowNonFinite: true));

    private T Read<T>(Func<JsonObject, T> make)
    {
        try
        {
            return make(content);
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FileFormatException(StatePath, $"it is not what a run writes: {error.Message}", error);
        }
    }
}
