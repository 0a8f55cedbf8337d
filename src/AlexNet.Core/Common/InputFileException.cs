namespace AlexNetTF;

/// <summary>A file that was named cannot be opened: it is not there, is a folder, or may not be read.</summary>
public sealed class InputFileException : AlexNetException
{
    /// <summary>Creates the error for a file.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="isMissing">Whether there is no such file.</param>
    /// <param name="problem">Why it cannot be opened, and the remedy.</param>
    /// <param name="inner">The system's error.</param>
    public InputFileException(string path, bool isMissing, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner) => (Path, IsMissing) = (path, isMissing);

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>Whether there is no such file; otherwise it is there and cannot be read.</summary>
    public bool IsMissing { get; }
}
