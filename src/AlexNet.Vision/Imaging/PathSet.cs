using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <summary>
/// Expands what a user names on a command line into pictures: a picture file; a folder (all pictures in it and below,
/// in ordinal order of their paths); a pattern with <c>*</c>, <c>?</c>, <c>[abc]</c> or <c>**</c> (any folders); <c>@list.txt</c>,
/// a file with one such path a line; <c>-</c>, an encoded picture on standard input.
/// </summary>
/// <remarks>
/// In folders, and by patterns without a dot in the last part, files are taken by their extension, and files without any
/// by their content; hidden ones are not. A path in a list is relative to the current folder, or to the list's where
/// it exists only there. A file that exists by the very name wins over a pattern; <c>./@name</c> names a file that starts
/// with @.
/// </remarks>
public static class PathSet
{
    /// <summary>
    /// The pictures in the order of the arguments, found as the enumeration goes. What cannot be found is a source that fails
    /// with the reason when it is used, so that the others go on.
    /// </summary>
    /// <param name="paths">The arguments.</param>
    /// <param name="standardInput">What <c>-</c> reads; null for the process's standard input.</param>
    public static IEnumerable<ImageSource> Expand(IEnumerable<string> paths, Stream? standardInput = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.SelectMany(path => Expand(path, standardInput));
    }

    private static IEnumerable<ImageSource> Expand(string path, Stream? standardInput) => path switch
    {
        "-" => [ImageSource.FromStream(standardInput ?? Console.OpenStandardInput(), "-")],
        ['@', .. string list] => ExpandList(list),
        _ => ExpandPath(path),
    };

    private static IEnumerable<ImageSource> ExpandPath(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return [new FailedImageSource("(empty path)", "a path is needed: a picture, a folder, a pattern or @list.txt.")];
        if (File.Exists(path))
            return [ImageSource.FromFile(path)];
        if (Directory.Exists(path))
            return OrFailure(PictureFolder.Find(path), path, "the folder holds no picture (.jpg, .jpeg, .png, .gif, .bmp, .webp).");
        if (PathPattern.IsPattern(path))
            return OrFailure(new PathPattern(path).Find(), path, "no file matches the pattern.");
        return [new FailedImageSource(path, "there is no such file or folder.")];
    }

    private static IEnumerable<ImageSource> ExpandList(string list)
    {
        string[] lines;
        string? failure = null;
        try
        {
            lines = File.ReadAllLines(list);
            if (Array.Exists(lines, line => line.Contains('\0', StringComparison.Ordinal)))
                failure = "the list is no text; it needs one path a line.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            (lines, failure) = ([], $"the list cannot be read: {error.Message}");
        }

        return failure is null
            ? OrFailure(lines.Select(line => line.Trim()).Where(line => line.Length > 0).SelectMany(line => ExpandPath(Resolve(line, list))), "@" + list, "the list holds no path.")
            : [new FailedImageSource("@" + list, failure)];
    }

    private static string Resolve(string line, string list)
    {
        if (line.Length > 1 && line[0] == '"' && line[^1] == '"')
            line = line[1..^1];
        if (Path.IsPathRooted(line) || Path.Exists(line))
            return line;
        string beside = Path.Join(Path.GetDirectoryName(list), line);
        return Path.Exists(beside) || (PathPattern.IsPattern(line) && !new PathPattern(line).Find().Any()) ? beside : line;
    }

    private static IEnumerable<ImageSource> OrFailure(IEnumerable<ImageSource> found, string path, string reason)
    {
        bool any = false;
        foreach (ImageSource source in found)
        {
            any = true;
            yield return source;
        }

        if (!any)
            yield return new FailedImageSource(path, reason);
    }
}
