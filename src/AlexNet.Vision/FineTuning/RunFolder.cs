namespace AlexNetTF.FineTuning;

/// <summary>A run's folder.</summary>
internal static class RunFolder
{
    public const string OptionsFile = "options.json";

    /// <summary>Makes the folder and writes what a resumed run needs to know.</summary>
    /// <exception cref="FineTuningException">It holds a run already, other files, or cannot be written to.</exception>
    public static void Create(FineTunerOptions options, RunData data) => Guard(options.Output, () =>
    {
        Directory.CreateDirectory(options.Output);
        if (CheckpointIndex.Read(options.Output) is not null)
        {
            throw new FineTuningException($"{options.Output} holds a run already. Resume it, or name another folder.");
        }

        // What a run left that was cut off before its first checkpoint is written over; anything else is somebody's.
        string[] own = [OptionsFile, RunData.FileName, RunCheckpoints.FrozenFile, CheckpointIndex.Folder, RunReport.FirstFiltersFile];
        string? other = Directory.EnumerateFileSystemEntries(options.Output).Select(entry => Path.GetFileName(entry)!).FirstOrDefault(name => !own.Contains(name) && !name.EndsWith(".tmp", StringComparison.Ordinal));
        if (other is not null) throw new FineTuningException($"{options.Output} is not empty: it holds {other}. Name a new or empty folder for the run.");
        JsonFile.Write(Path.Combine(options.Output, OptionsFile), FineTunerOptionsJson.ToJson(options));
        data.Write(options.Output);
    });

    public static FineTunerOptions ReadOptions(string runFolder) =>
        JsonFile.Read(Path.Combine(runFolder, OptionsFile), content => FineTunerOptionsJson.FromJson(content, runFolder));

    /// <summary>Turns an error of the disk into one that names the run's folder.</summary>
    public static void Guard(string runFolder, Action write) => Guard(runFolder, () =>
    {
        write();
        return true;
    });

    public static T Guard<T>(string runFolder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FineTuningException($"The run's folder {runFolder} cannot be written to: {error.Message} Name a folder that can be written to, on a disk with room.", error);
        }
    }
}
