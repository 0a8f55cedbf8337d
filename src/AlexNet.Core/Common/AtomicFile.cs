namespace AlexNetTF;

/// <summary>
/// Writes a file so that its name holds either the old content or the whole new one: the bytes go to a temporary
/// name in the same folder, are flushed to the disk, and the name is then replaced.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> by <paramref name="write"/>; on an error the old file stays and the temporary one is removed.</summary>
    /// <param name="path">The file to create or replace; its folder is created where it is missing.</param>
    /// <param name="write">Writes the whole content to the stream; it may seek.</param>
    /// <exception cref="IOException">The folder cannot be written to, or the disk is full.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(path, error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark; see <see cref="Write"/>.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Adds bytes to an open file, through to the system.</summary>
    /// <exception cref="IOException">The disk is full, or the file may not grow that far.</exception>
    internal static void Append(FileStream stream, ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
            stream.Flush();
        }
        catch (ArgumentOutOfRangeException error) when (IsTooLarge(error))
        {
            throw TooLarge(stream.Name, error);
        }
    }

    // .NET reports a file that grows beyond what file system or process may have as an argument that is out of range.
    private static bool IsTooLarge(ArgumentOutOfRangeException error) => error.ParamName == "value";

    private static IOException TooLarge(string path, Exception error) => new($"{path} grows beyond the largest size of a file here: {error.Message}", error);
}
