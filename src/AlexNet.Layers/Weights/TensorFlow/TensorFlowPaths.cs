using AlexNetTF.TensorFlow;

namespace AlexNetTF.Weights;

/// <summary>What a path means that is no file: TensorFlow names checkpoints by a prefix, and models by a folder.</summary>
internal static class TensorFlowPaths
{
    private const string SavedModelFile = "saved_model.pb";

    /// <summary>The file to open for a path; the path itself where it is a file, or where nothing is known for it.</summary>
    /// <exception cref="AlexNetException">A folder without a checkpoint or SavedModel.</exception>
    public static string Resolve(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetFileName(path) == SavedModelFile ? SavedModel(path) : path;
        }

        if (File.Exists(path + CheckpointFormat.IndexEnding))
        {
            return path + CheckpointFormat.IndexEnding;
        }

        return Directory.Exists(path) ? InFolder(path) : path;
    }

    /// <summary>The saved_model.pb that a path means, itself or its folder; null where it means something else.</summary>
    public static string? SavedModelOf(string path)
    {
        string model = Directory.Exists(path) ? Path.Combine(path, SavedModelFile) : path;
        return Path.GetFileName(model) == SavedModelFile && File.Exists(model) ? model : null;
    }

    /// <summary>The index of the checkpoint that a SavedModel's variables lie in, whether it exists or not.</summary>
    public static string VariablesOf(string model) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model))!, "variables", "variables" + CheckpointFormat.IndexEnding);

    private static string InFolder(string folder)
    {
        string model = Path.Combine(folder, SavedModelFile);
        if (File.Exists(model))
        {
            return SavedModel(model);
        }

        return CheckpointStateFile.Latest(folder) is string prefix
            ? prefix + CheckpointFormat.IndexEnding
            : throw new AlexNetException($"{folder} is a folder that holds neither a TensorFlow checkpoint nor a SavedModel; name the weight file itself.");
    }

    /// <summary>A SavedModel's variables lie in a checkpoint below it; a frozen one has none and keeps its weights in the graph.</summary>
    private static string SavedModel(string model)
    {
        string variables = VariablesOf(model);
        return File.Exists(variables) ? variables : model;
    }
}
