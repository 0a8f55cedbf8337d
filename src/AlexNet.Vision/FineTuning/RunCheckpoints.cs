using System.Globalization;
using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>Writes a run's checkpoints: into a folder of a temporary name that is renamed last, then into the index.</summary>
internal sealed class RunCheckpoints
{
    public const string FrozenFile = "frozen.safetensors";
    private readonly string runFolder;
    private readonly TrainingNetwork network;
    private readonly FineTunerOptions options;
    private readonly Labels labels;
    private readonly string? frozenHash;
    private readonly TensorFlowCheckpoint? tensorFlow;

    /// <param name="network">The network.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="labels">The names of the classes.</param>
    /// <param name="frozenHash">The frozen file's SHA-256; null where there is none.</param>
    public RunCheckpoints(TrainingNetwork network, FineTunerOptions options, Labels labels, string? frozenHash)
    {
        runFolder = options.Output;
        this.network = network;
        this.options = options;
        this.labels = labels;
        this.frozenHash = frozenHash;
        tensorFlow = options.CheckpointFormat == CheckpointKind.TensorFlow ? new TensorFlowCheckpoint(network) : null;
    }

    /// <summary>Writes the variables that never change.</summary>
    /// <returns>The file's SHA-256; null where every variable is trained.</returns>
    public static string? WriteFrozen(TrainingNetwork network, string runFolder)
    {
        Variable[] frozen = [.. network.Frozen];
        if (frozen.Length == 0) return null;
        return Write(network.Session, frozen, Path.Combine(runFolder, FrozenFile));
    }

    /// <summary>Removes what a run that was cut off has left beside the checkpoints that count.</summary>
    public static void RemoveLeftovers(string runFolder, CheckpointIndex index)
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(runFolder, CheckpointIndex.Folder)))
        {
            if (!index.Kept.Contains(Path.GetFileName(folder))) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a checkpoint and makes it the last one.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="isBest">Whether it is the best one from now on.</param>
    /// <exception cref="FineTuningException">The folder cannot be written to, or the disk is full; earlier checkpoints stay.</exception>
    public void Save(TrainingState state, bool isBest)
    {
        CheckpointIndex? index = CheckpointIndex.Read(runFolder);
        try
        {
            string name = WriteFolder(state);
            string? best = isBest ? name : index?.Best;
            string[] kept = [.. (options.KeepAllCheckpoints ? index?.Kept ?? [] : best is null ? [] : [best]).Append(name).Distinct()];
            new CheckpointIndex(name, best, kept).Write(runFolder);
            foreach (string old in (index?.Kept ?? []).Except(kept)) Directory.Delete(Path.Combine(runFolder, CheckpointIndex.Folder, old), recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten("checkpoint", state, runFolder, index, error);
        }
    }

    /// <summary>The error that says what could not be written, and what the run can be resumed from.</summary>
    public static FineTuningException NotWritten(string what, TrainingState state, string runFolder, CheckpointIndex? index, Exception error)
    {
        string kept = index is null ? "There is no earlier checkpoint." : $"The last checkpoint is {Path.Combine(runFolder, CheckpointIndex.Folder, index.Last)}; the run can be resumed from it.";
        return new FineTuningException($"The {what} of step {state.Step} cannot be written to {runFolder}: {error.Message} {kept}", error);
    }

    private string WriteFolder(TrainingState state)
    {
        string folder = Path.Combine(runFolder, CheckpointIndex.Folder);
        string temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            string hash = Write(network.Session, [.. network.Trained, .. network.State], Path.Combine(temporary, CheckpointFolder.WeightsFile));
            JsonFile.Write(Path.Combine(temporary, CheckpointFolder.StateFile), Describe(state, hash));
            tensorFlow?.Write(temporary);
            string name = FreeName(folder, state.Step);
            Directory.Move(temporary, Path.Combine(folder, name));
            return name;
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    // Two states may have the same step: its last batch done, and the pass judged. The first stays until the index names the second.
    private static string FreeName(string folder, long step)
    {
        string name = $"step-{step.ToString("D8", CultureInfo.InvariantCulture)}", free = name;
        for (int i = 2; Directory.Exists(Path.Combine(folder, free)); i++) free = $"{name}.{i}";
        return free;
    }

    private JsonObject Describe(TrainingState state, string weightsHash)
    {
        state.RandomCounters = network.Session.Engine.GetRandomCounters().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new JsonObject
        {
            ["version"] = 1,
            ["topology"] = network.Topology.ToString(),
            ["preprocessing"] = JsonNode.Parse(options.Input.ToJson()),
            ["labels"] = JsonFile.Strings(labels),
            ["trained"] = JsonFile.Strings(network.Trained.Select(variable => variable.Op.Name)),
            ["weightsSha256"] = weightsHash,
            ["frozen"] = frozenHash is null ? null : new JsonObject { ["file"] = FrozenFile, ["sha256"] = frozenHash },
            ["dataOrderSeed"] = options.Seed,
            ["state"] = state.ToJson(),
            ["options"] = FineTunerOptionsJson.ToJson(options),
        };
    }

    private static string Write(Session session, IReadOnlyList<Variable> variables, string path)
    {
        string hash = "";
        WeightSaver.Use(session, variables, values => hash = WeightFile.WriteSafetensorsHashed(path, values));
        return hash;
    }
}
