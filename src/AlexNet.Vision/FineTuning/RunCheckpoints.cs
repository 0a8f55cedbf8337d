using System.Globalization;
using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>
/// Writes a run's checkpoints: into a folder of a temporary name that is renamed last, then into the index. In one process they are
/// written beside what follows, one at a time, in order: <see cref="Save"/> waits for the one before, <see cref="Complete"/> for the last.
/// </summary>
internal sealed class RunCheckpoints : IDisposable
{
    public const string FrozenFile = "frozen.safetensors";

    // Values beyond this are written at once, not from a copy.
    private const long MostCopied = 1L << 30;
    private readonly string runFolder;
    private readonly TrainingNetwork network;
    private readonly FineTunerOptions options;
    private readonly Labels labels;
    private readonly TensorFlowCheckpoint? tensorFlow;
    private readonly Variable[] saved;
    private readonly VariablesCopy copy = new();
    private readonly bool beside;
    private string? frozenHash;
    private Task pending = Task.CompletedTask;

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
        saved = [.. network.Trained, .. network.State];
        beside = tensorFlow is null && network.Session.Options.Engine == Engine.Managed && saved.Sum(variable => variable.Shape.ElementCount!.Value) * sizeof(float) <= MostCopied;
    }

    /// <summary>Writes the variables that never change.</summary>
    /// <returns>The file's SHA-256; null where every variable is trained.</returns>
    public static string? WriteFrozen(TrainingNetwork network, string runFolder)
    {
        Variable[] frozen = [.. network.Frozen];
        if (frozen.Length == 0) return null;
        return Write(network.Session, frozen, Path.Combine(runFolder, FrozenFile));
    }

    /// <summary>
    /// Writes what never changes, and the first checkpoint, from the variables themselves: <see cref="Complete"/> before the first step
    /// changes them. What only reads them goes on beside it.
    /// </summary>
    public void Start(TrainingState state)
    {
        JsonObject content = Describe(state);
        long step = state.Step;
        Begin(() =>
        {
            frozenHash = RunFolder.Guard(runFolder, () => WriteFrozen(network, runFolder));
            Store(content, step, isBest: false, path => Write(network.Session, saved, path));
        });
    }

    /// <summary>Removes what a run that was cut off has left beside the checkpoints that count.</summary>
    public static void RemoveLeftovers(string runFolder, CheckpointIndex index)
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(runFolder, CheckpointIndex.Folder)))
        {
            if (!index.Kept.Contains(Path.GetFileName(folder))) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a checkpoint of the values as they are now and makes it the last one.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="isBest">Whether it is the best one from now on.</param>
    /// <exception cref="FineTuningException">The folder cannot be written to, or the disk is full, now or for the checkpoint before; earlier checkpoints stay.</exception>
    public void Save(TrainingState state, bool isBest)
    {
        Complete();
        JsonObject content = Describe(state);
        long step = state.Step;
        if (!beside)
        {
            Store(content, step, isBest, path => Write(network.Session, saved, path));
            return;
        }

        IReadOnlyList<WeightValues> values = copy.Take(network.Session, saved);
        Begin(() => Store(content, step, isBest, path => WeightFile.WriteSafetensorsHashed(path, values)));
    }

    /// <summary>Waits until all that was saved is on the disk.</summary>
    /// <exception cref="FineTuningException">It could not be written.</exception>
    public void Complete()
    {
        Task last = pending;
        pending = Task.CompletedTask;
        last.GetAwaiter().GetResult();
    }

    /// <summary>Whether all that was saved is on the disk; does not wait.</summary>
    /// <exception cref="FineTuningException">It could not be written.</exception>
    public bool IsComplete()
    {
        if (!pending.IsCompleted) return false;
        Complete();
        return true;
    }

    /// <summary>Waits for what is being written, beside another error: whether this succeeds or not, the index tells which checkpoint is the last.</summary>
    public void Settle()
    {
        Task.WaitAny(pending);
        _ = pending.Exception;
    }

    public void Dispose()
    {
        Settle();
        copy.Dispose();
    }

    private void Begin(Action write)
    {
        pending = Task.Run(write);
        if (!beside) Complete();
    }

    private void Store(JsonObject content, long step, bool isBest, Func<string, string> writeWeights)
    {
        CheckpointIndex? index = CheckpointIndex.Read(runFolder);
        try
        {
            string name = WriteFolder(content, step, writeWeights);
            string? best = isBest ? name : index?.Best;
            string[] kept = [.. (options.KeepAllCheckpoints ? index?.Kept ?? [] : best is null ? [] : [best]).Append(name).Distinct()];
            new CheckpointIndex(name, best, kept).Write(runFolder);
            foreach (string old in (index?.Kept ?? []).Except(kept)) Directory.Delete(Path.Combine(runFolder, CheckpointIndex.Folder, old), recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten("checkpoint", step, runFolder, index, error);
        }
    }

    /// <summary>The error that says what could not be written, and what the run can be resumed from.</summary>
    public static FineTuningException NotWritten(string what, long step, string runFolder, CheckpointIndex? index, Exception error)
    {
        string kept = index is null ? "There is no earlier checkpoint." : $"The last checkpoint is {Path.Combine(runFolder, CheckpointIndex.Folder, index.Last)}; the run can be resumed from it.";
        return new FineTuningException($"The {what} of step {step} cannot be written to {runFolder}: {error.Message} {kept}", error);
    }

    private string WriteFolder(JsonObject content, long step, Func<string, string> writeWeights)
    {
        string folder = Path.Combine(runFolder, CheckpointIndex.Folder);
        string temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            content["weightsSha256"] = writeWeights(Path.Combine(temporary, CheckpointFolder.WeightsFile));
            content["frozen"] = frozenHash is null ? null : new JsonObject { ["file"] = FrozenFile, ["sha256"] = frozenHash };
            JsonFile.Write(Path.Combine(temporary, CheckpointFolder.StateFile), content);
            tensorFlow?.Write(temporary);
            string name = FreeName(folder, step);
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

    // The hashes follow when the files are written.
    private JsonObject Describe(TrainingState state)
    {
        state.RandomCounters = network.Session.Engine.GetRandomCounters().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return new JsonObject
        {
            ["version"] = 1,
            ["topology"] = network.Topology.ToString(),
            ["preprocessing"] = JsonNode.Parse(options.Input.ToJson()),
            ["labels"] = JsonFile.Strings(labels),
            ["trained"] = JsonFile.Strings(network.Trained.Select(variable => variable.Op.Name)),
            ["weightsSha256"] = null,
            ["frozen"] = null,
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
