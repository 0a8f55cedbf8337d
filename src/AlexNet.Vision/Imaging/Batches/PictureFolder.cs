namespace AlexNetTF.Imaging;

/// <summary>Finds the pictures in a folder and below.</summary>
internal static class PictureFolder
{
    private static readonly HashSet<string> Extensions = new([".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Pictures in ordinal order of their paths; links are followed unless they lead back to a folder on the way.</summary>
    internal static IEnumerable<ImageSource> Find(string folder) => Find(folder, []);

    /// <summary>Whether a file looks like a picture: by its extension, or without one by its first bytes.</summary>
    internal static bool IsPicture(string path)
    {
        string extension = Path.GetExtension(path);
        return extension.Length > 0 ? Extensions.Contains(extension) : StartsAsPicture(path);
    }

    /// <summary>The entries of a folder in the ordinal order of the paths below it; null, with the reason, where it cannot be read.</summary>
    internal static List<FolderEntry>? List(string folder, out string? reason)
    {
        try
        {
            List<FolderEntry> entries = [.. new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos().Select(FolderEntry.Of)];
            entries.Sort((a, b) => string.CompareOrdinal(a.SortKey, b.SortKey));
            reason = null;
            return entries;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = error.Message;
            return null;
        }
    }

    private static IEnumerable<ImageSource> Find(string folder, HashSet<string> above)
    {
        string real = Real(folder);
        if (!above.Add(real))
            yield break;
        List<FolderEntry>? entries = List(folder, out string? reason);
        if (entries is null)
            yield return new FailedImageSource(folder, $"the folder cannot be read: {reason}");
        foreach (FolderEntry entry in entries ?? [])
        {
            string path = Path.Join(folder, entry.Name);
            if (entry.Name.StartsWith('.'))
                continue;
            if (entry.IsFolder)
            {
                foreach (ImageSource source in Find(path, above))
                    yield return source;
            }
            else if (IsPicture(path))
            {
                yield return ImageSource.FromFile(path);
            }
        }

        above.Remove(real);
    }

    private static string Real(string folder)
    {
        var info = new DirectoryInfo(folder);
        return info.LinkTarget is null ? info.FullName : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName;
    }

    private static bool StartsAsPicture(string path)
    {
        try
        {
            // A pipe has no length, and opening it would wait for a writer.
            if (new FileInfo(path).Length == 0)
                return false;
            using FileStream stream = File.OpenRead(path);
            Span<byte> head = stackalloc byte[ImageContainers.HeaderBytes];
            return ImageContainers.Find(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>A file or folder in a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFolder">Whether it is a folder, or a link to one.</param>
/// <param name="IsLink">Whether it is a link.</param>
internal readonly record struct FolderEntry(string Name, bool IsFolder, bool IsLink)
{
    /// <summary>Compared by it, entries come in the order of the whole paths below them.</summary>
    internal string SortKey => IsFolder ? Name + "/" : Name;

    internal static FolderEntry Of(FileSystemInfo entry) =>
        new(entry.Name, (entry.Attributes & FileAttributes.Directory) != 0 || (entry.LinkTarget is not null && Directory.Exists(entry.FullName)), entry.LinkTarget is not null);
}
