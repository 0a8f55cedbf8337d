using System.Text.Json.Nodes;

namespace AlexNetTF.FineTuning;

/// <summary>A run's checkpoints.json: which checkpoints count. A folder that it does not name is left over from a run that was cut off.</summary>
/// <param name="Last">The newest one.</param>
/// <param name="Best">The one after the best pass; null before the first pass is done.</param>
/// <param name="Kept">All that are kept.</param>
internal sealed record CheckpointIndex(string Last, string? Best, IReadOnlyList<string> Kept)
{
    public const string FileName = "checkpoints.json";
    public const string Folder = "checkpoints";

    /// <summary>Reads a run's index; null where there is none.</summary>
    public static CheckpointIndex? Read(string runFolder)
    {
        string path = Path.Combine(runFolder, FileName);
        return File.Exists(path) ? JsonFile.Read(path, j => new CheckpointIndex(j.Text("last"), j["best"]?.GetValue<string>(), j.Strings("kept"))) : null;
    }

    public void Write(string runFolder) => JsonFile.Write(
        Path.Combine(runFolder, FileName),
        new JsonObject { ["last"] = Last, ["best"] = Best, ["kept"] = JsonFile.Strings(Kept) });
}
