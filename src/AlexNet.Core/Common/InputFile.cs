using Microsoft.Win32.SafeHandles;

namespace AlexNetTF;

/// <summary>Opens files that a caller named; what cannot be opened is an <see cref="InputFileException"/> with the reason and the remedy.</summary>
internal static class InputFile
{
    /// <summary>A handle for reading at offsets.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What should stand in it, for the message: "weight file".</param>
    public static SafeFileHandle OpenHandle(string path, string kind) => Open(path, kind, static path => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    /// <summary>A stream that lets others write, move and delete the file meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What should stand in it, for the message.</param>
    /// <param name="bufferSize">Bytes of the stream's own buffer; 0 for none.</param>
    public static FileStream OpenShared(string path, string kind, int bufferSize) =>
        Open(path, kind, path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize));

    /// <summary>All of a small file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What should stand in it, for the message.</param>
    public static byte[] ReadAllBytes(string path, string kind) => Open(path, kind, File.ReadAllBytes);

    private static T Open<T>(string path, string kind, Func<string, T> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return open(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            string place = Path.IsPathFullyQualified(path) ? "Check its name" : $"It was looked for as {Path.GetFullPath(path)}; check its name, or give the full path";
            throw new InputFileException(path, true, $"there is no such {kind}. {place}.", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            string problem = Directory.Exists(path) ? $"this is a folder, not a {kind}. Name a file in it." : $"this {kind} cannot be opened: {error.Message} Check who may read it and who has it open.";
            throw new InputFileException(path, false, problem, error);
        }
    }
}
