using System.Text;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// The text file <c>checkpoint</c> beside the checkpoints: which there are, oldest first, and which is current. Paths
/// stand in it as they were given to the writer; relative ones are relative to the file's folder.
/// </summary>
internal static class CheckpointStateFile
{
    public const string Name = "checkpoint";
    private const int MaxBytes = 64 << 20;

    /// <summary>The state of a folder with full paths; null where there is none.</summary>
    /// <exception cref="FileFormatException">The file is malformed.</exception>
    public static CheckpointState? Read(string folder, string name = Name)
    {
        string path = Path.Combine(folder, name);
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        if (file.Length > MaxBytes) throw new FileFormatException(path, $"it has {file.Length} bytes; a state file has at most {MaxBytes}.");
        CheckpointState state = ProtoTextReader.Read(CheckpointState.Parser, CheckpointState.Descriptor, File.ReadAllBytes(path), path);
        if (state.ModelCheckpointPath.Length > 0) state.ModelCheckpointPath = Path.Combine(folder, state.ModelCheckpointPath);
        for (int i = 0; i < state.AllModelCheckpointPaths.Count; i++)
        {
            state.AllModelCheckpointPaths[i] = Path.Combine(folder, state.AllModelCheckpointPaths[i]);
        }

        return state;
    }

    /// <summary>
    /// The prefix of the current checkpoint where its index exists, else null. A folder that was moved with full paths
    /// in its state file still works: the checkpoint of that name in the folder counts.
    /// </summary>
    public static string? Latest(string folder, string name = Name)
    {
        string? prefix = Read(folder, name)?.ModelCheckpointPath;
        if (string.IsNullOrEmpty(prefix)) return null;
        string moved = Path.Combine(folder, Path.GetFileName(prefix));
        return File.Exists(CheckpointPaths.Index(prefix)) ? prefix : File.Exists(CheckpointPaths.Index(moved)) ? moved : null;
    }

    /// <summary>
    /// Writes the state of a folder, as TensorFlow does: where the folder was named by a relative path, or where
    /// <paramref name="relativePaths"/> says so, the checkpoints' paths are written relative to it.
    /// </summary>
    /// <param name="folder">Where the checkpoints lie, as the user named it.</param>
    /// <param name="current">The prefix of the current checkpoint.</param>
    /// <param name="all">All prefixes, oldest first; the current one is added where it is not among them.</param>
    /// <param name="relativePaths">Whether paths are written relative to the folder in any case.</param>
    /// <param name="timestamps">When each was written, in seconds since 1970; none to leave them out.</param>
    /// <param name="lastPreserved">When the last checkpoint that is kept for good was written; 0 for none.</param>
    /// <param name="name">The file's name.</param>
    public static void Write(string folder, string current, IReadOnlyList<string> all, bool relativePaths = false, IReadOnlyList<double>? timestamps = null, double lastPreserved = 0, string name = Name)
    {
        bool relative = relativePaths || !Path.IsPathRooted(folder);
        string Stored(string prefix) => relative ? Path.GetRelativePath(folder, prefix) : prefix;
        var state = new CheckpointState { ModelCheckpointPath = Stored(current), LastPreservedTimestamp = lastPreserved };
        state.AllModelCheckpointPaths.AddRange(all.Select(Stored));
        if (!state.AllModelCheckpointPaths.Contains(state.ModelCheckpointPath)) state.AllModelCheckpointPaths.Add(state.ModelCheckpointPath);
        if (timestamps is not null) state.AllModelCheckpointTimestamps.AddRange(timestamps);
        byte[] text = Encoding.ASCII.GetBytes(ProtoTextWriter.Write(state));
        AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(text));
    }
}
