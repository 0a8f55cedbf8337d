using System.Text.RegularExpressions;

namespace AlexNetTF.TensorFlow;

/// <summary>The names of a checkpoint's files: a prefix and an ending.</summary>
internal static partial class CheckpointPaths
{
    public const string MetaEnding = ".meta";

    public static string Index(string prefix) => prefix + ".index";

    public static string Data(string prefix, int shard, int shards) => $"{prefix}.data-{shard:00000}-of-{shards:00000}";

    /// <summary>The prefix that a user's path means: a prefix, one of the checkpoint's files, or a folder with a state file.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    public static string FindPrefix(string path)
    {
        if (File.Exists(Index(path))) return path;
        string stripped = Ending().Replace(path, "");
        if (stripped != path && File.Exists(Index(stripped))) return stripped;
        if (Directory.Exists(path))
        {
            return CheckpointStateFile.Latest(path)
                ?? throw new CheckpointException($"The folder {path} holds no file \"{CheckpointStateFile.Name}\" that names a checkpoint; name the checkpoint itself (its path without .index).");
        }

        throw new CheckpointException($"There is no checkpoint at {path}: neither {Index(path)} nor a folder of that name exists.");
    }

    /// <summary>Deletes index, data and meta graph of a checkpoint; what does not exist is left out.</summary>
    public static void Delete(string prefix)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(prefix))!;
        if (!Directory.Exists(folder)) return;
        File.Delete(prefix + MetaEnding);
        File.Delete(Index(prefix));
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            if (DataEnding().Match(name) is { Success: true } ending && name[..ending.Index] == Path.GetFileName(prefix)) File.Delete(file);
        }
    }

    [GeneratedRegex(@"\.(index|meta|data-\d{5}-of-\d{5})$")]
    private static partial Regex Ending();

    [GeneratedRegex(@"\.data-\d{5}-of-\d{5}$")]
    private static partial Regex DataEnding();
}
