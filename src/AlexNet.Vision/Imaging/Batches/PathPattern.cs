namespace AlexNetTF.Imaging;

/// <summary>
/// A path with wildcards: <c>*</c> any characters of a name, <c>?</c> one, <c>[a-c]</c> and <c>[!a-c]</c> one of a set, <c>**</c>
/// as a whole part any folders, also none. Letters' case counts except on Windows.
/// </summary>
internal sealed class PathPattern
{
    private readonly string start;
    private readonly string[] parts;
    private readonly bool picturesOnly;

    internal PathPattern(string pattern)
    {
        string[] all = pattern.Split(Separators);
        int plain = Array.FindIndex(all, IsPattern);
        start = string.Join(Path.DirectorySeparatorChar, all[..plain]);
        if (plain > 0 && (start.Length == 0 || start[^1] == Path.VolumeSeparatorChar))
            start += Path.DirectorySeparatorChar;
        parts = [.. all[plain..].Where(part => part.Length > 0)];
        picturesOnly = !parts[^1].Contains('.', StringComparison.Ordinal);
    }

    private static char[] Separators => OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    /// <summary>Whether a path holds a wildcard.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>What matches, each once, in ordinal order; a folder that matches the whole pattern gives the pictures in it.</summary>
    internal IEnumerable<ImageSource> Find()
    {
        SortedDictionary<string, ImageSource> found = new(StringComparer.Ordinal);
        Find(start, 0, source => found[source.Name] = source);
        return found.Values;
    }

    private void Find(string folder, int index, Action<ImageSource> add)
    {
        string part = parts[index];
        bool anyDepth = part == "**";
        bool last = index == parts.Length - 1;
        if (anyDepth && !last)
            Find(folder, index + 1, add);
        foreach (FolderEntry entry in PictureFolder.List(folder, out _) ?? [])
        {
            if ((entry.Name.StartsWith('.') && !part.StartsWith('.')) || !(anyDepth || Matches(part, entry.Name)))
                continue;
            string path = Path.Join(folder, entry.Name);
            if (entry.IsFolder && !last)
            {
                // Links could lead ** back to where it was.
                if (!(anyDepth && entry.IsLink))
                    Find(path, anyDepth ? index : index + 1, add);
            }
            else if (entry.IsFolder)
            {
                foreach (ImageSource source in PictureFolder.Find(path))
                    add(source);
            }
            else if (last && (!picturesOnly || PictureFolder.IsPicture(path)))
            {
                add(ImageSource.FromFile(path));
            }
        }
    }

    /// <summary>Whether a name matches a part of a pattern.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && MatchesOne(pattern[p..], name[n], out int length))
            {
                p += length;
                n++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                (p, n) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim('*').IsEmpty;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, char c, out int length)
    {
        length = 1;
        if (pattern[0] == '?')
            return true;
        int end = pattern[0] == '[' && pattern.Length > 2 ? pattern[2..].IndexOf(']') + 2 : -1;
        if (end < 2)
            return Same(pattern[0], c);
        length = end + 1;
        ReadOnlySpan<char> set = pattern[1..end];
        bool negated = set[0] is '!' or '^';
        set = negated ? set[1..] : set;
        for (int i = 0; i < set.Length; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            if (range ? c >= set[i] && c <= set[i + 2] : Same(set[i], c))
                return !negated;
            i += range ? 2 : 0;
        }

        return negated;
    }

    private static bool Same(char a, char b) =>
        OperatingSystem.IsWindows() ? char.ToUpperInvariant(a) == char.ToUpperInvariant(b) : a == b;
}
