using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>Files beside an ONNX model that hold its values. They must lie in the model's folder or below it.</summary>
internal sealed class OnnxExternalData(WeightBytes model, List<IDisposable> owned)
{
    private const int MostLinks = 16;

    private readonly Dictionary<string, WeightBytes> _files = new(StringComparer.Ordinal);

    /// <summary>The bytes that the keys location, offset and length name.</summary>
    public ByteRegion Region(string tensor, Dictionary<string, string> keys, long position)
    {
        string location = keys.GetValueOrDefault("location") ?? throw model.Error(position, $"'{tensor}' lies in another file that is not named");
        WeightBytes file = Open(tensor, location, position);
        long offset = Number(tensor, keys, "offset", 0, position);
        long length = Number(tensor, keys, "length", Math.Max(file.Length - offset, 0), position);
        if (offset > file.Length || length > file.Length - offset)
        {
            throw model.Error(position, $"'{tensor}' claims the bytes from {offset:N0} on, {length:N0} of them, of '{location}', which has {file.Length:N0}");
        }

        return new FileRegion(file, offset, length);
    }

    private WeightBytes Open(string tensor, string location, long position)
    {
        if (_files.TryGetValue(location, out WeightBytes? open))
        {
            return open;
        }

        try
        {
            WeightBytes file = WeightBytes.Open(Confined(location) ?? throw model.Error(
                position, $"'{tensor}' refers to '{location}', which is not in the model's folder; it is not opened"));
            owned.Add(file);
            _files[location] = file;
            return file;
        }
        catch (InputFileException e)
        {
            throw model.Error(position, $"'{tensor}' lies in '{location}' beside the model, which cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>
    /// The full path of a location; null where it leaves the folder by name or by a link. (A model that is itself a
    /// link, as in download caches, may have its values beside the link's target.)
    /// </summary>
    private string? Confined(string location)
    {
        string modelPath = Path.GetFullPath(model.Path);
        string folder = Path.GetDirectoryName(modelPath)!;
        bool isPlain = location.Length > 0 && !Path.IsPathRooted(location) && !location.Contains('\0', StringComparison.Ordinal)
            && !location.Split('/', '\\').Contains("..");
        if (!isPlain)
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(folder, location));
        if (!Within(folder, path))
        {
            return null;
        }

        string real = Real(folder, path);
        string besideTarget = Path.GetDirectoryName(Target(modelPath) ?? modelPath)!;
        return Within(folder, real) || Within(besideTarget, Real(besideTarget, real)) ? path : null;
    }

    /// <summary>Where a path below a folder leads when the links on its way are followed; a path outside of it where one leaves it.</summary>
    private static string Real(string folder, string path)
    {
        for (int links = 0; links < MostLinks && Within(folder, path); links++)
        {
            string? link = Prefixes(folder, path).FirstOrDefault(prefix => Target(prefix) is not null);
            if (link is null)
            {
                return path;
            }

            path = Path.GetFullPath(Target(link)! + path[link.Length..]);
        }

        return Within(folder, path) ? Path.GetPathRoot(path)! : path;
    }

    /// <summary>The path from the first component below the folder to its end.</summary>
    private static IEnumerable<string> Prefixes(string folder, string path)
    {
        int below = Path.EndsInDirectorySeparator(folder) ? folder.Length : folder.Length + 1;
        for (int at = below; at > 0; at = path.IndexOf(Path.DirectorySeparatorChar, at) + 1)
        {
            int end = path.IndexOf(Path.DirectorySeparatorChar, at);
            yield return end < 0 ? path : path[..end];
        }
    }

    /// <summary>What a link stands for; null where the path is no link, or does not exist, which opening it will tell.</summary>
    private static string? Target(string path) =>
        Path.Exists(path) || new FileInfo(path).LinkTarget is not null ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;

    private static bool Within(string folder, string path) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private long Number(string tensor, Dictionary<string, string> keys, string key, long otherwise, long position)
    {
        if (!keys.TryGetValue(key, out string? text))
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw model.Error(position, $"'{tensor}' has the {key} '{text}', which is no number");
    }
}
