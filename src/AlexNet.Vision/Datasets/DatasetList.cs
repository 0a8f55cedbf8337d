using System.Globalization;
using System.Text;

namespace AlexNetTF.Datasets;

/// <summary>Reads the article's text file: a path and a label a line.</summary>
internal sealed class DatasetList
{
    // One-hot rows are as long as the largest number: a slip of the keyboard must not take all memory.
    private const int MostClasses = 1 << 20;

    private readonly string list;
    private readonly string folder;
    private readonly int? classes;
    private readonly Labels? labels;
    private readonly DatasetDraft draft;

    private DatasetList(string list, int? classes, Labels? labels)
    {
        (this.list, this.classes, this.labels) = (list, classes ?? labels?.Count, labels);
        folder = Path.GetDirectoryName(list) ?? "";
        draft = new(list);
    }

    internal static ImageDataset Read(string list, int? classes, Labels? labels, bool allowEmptyClasses, bool decodeAll)
    {
        if (classes is < 1 or > MostClasses)
            throw new AlexNetException($"{list}: {classes} classes are impossible; 1 to {MostClasses:N0} can be had.");
        if (classes is { } wanted && labels is { } names && wanted != names.Count)
            throw new AlexNetException($"{list}: {wanted} classes were asked for, but there are {names.Count} labels; leave one of the two out, or make them agree.");
        return new DatasetList(list, classes, labels).Read(allowEmptyClasses, decodeAll);
    }

    private ImageDataset Read(bool allowEmptyClasses, bool decodeAll)
    {
        string[] lines = Lines();
        for (int i = 0; i < lines.Length; i++)
            ReadLine(lines[i].Trim(), i + 1);
        int count = classes ?? (draft.LargestLabel + 1);
        if (!allowEmptyClasses && lines.Length > 0)
            draft.RequireEveryClass(count, labels, classes is null ? "Number the classes from 0 without gaps, or allow empty classes." : "Add pictures of it, give the right number of classes, or allow empty classes.");
        if (decodeAll)
            draft.RequireReadable();
        return draft.Finish(labels ?? new([.. Enumerable.Range(0, Math.Max(count, 1)).Select(label => label.ToString(CultureInfo.InvariantCulture))]));
    }

    private string[] Lines()
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(list);
            ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
            if (!text.Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(text))
                return Encoding.UTF8.GetString(text).Split('\n');
            draft.Report(DatasetProblemKind.UnreadableFile, list, null, "the list is no UTF-8 text.", "Save it as UTF-8, a path and a label a line.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            draft.Report(DatasetProblemKind.MissingFile, list, null, "there is no such list.", "Check its path; FromFolders reads a folder.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            draft.Report(DatasetProblemKind.UnreadableFile, list, null, $"the list cannot be read: {error.Message}", "FromFolders reads a folder.");
        }

        return [];
    }

    private void ReadLine(string line, int number)
    {
        if (line.Length == 0 || line[0] == '#')
            return;
        if (Split(line) is not { } parts)
        {
            draft.Report(DatasetProblemKind.UnparsableLine, list, number, $"\"{line}\" is not a path followed by white space and a label.", "Write: path label; quote a path that ends with blanks, or a label that has some.");
            return;
        }

        int? label = Label(parts.Label, number);
        if (Resolve(parts.Path) is { } path)
        {
            if (label is { } known)
                draft.Add(path, known, number);
            return;
        }

        if (label is { } counted)
            draft.See(counted);
        draft.Report(DatasetProblemKind.MissingFile, list, number, $"there is no file {parts.Path}.", $"Paths are relative to {(folder.Length > 0 ? folder : "the list's folder")} or to the working folder.");
    }

    /// <summary>Path and label of a trimmed line, split at the last white space outside quotes; null where it has not both.</summary>
    internal static (string Path, string Label)? Split(string line)
    {
        int blank = line[^1] == '"' ? line.LastIndexOf('"', Math.Max(line.Length - 2, 0)) - 1 : LastBlank(line);
        if (blank < 1 || !char.IsWhiteSpace(line[blank]))
            return null;
        string path = Unquote(line[..blank].Trim()), label = Unquote(line[(blank + 1)..]);
        return path.Length == 0 || label.Length == 0 || path[0] == '"' ? null : (path, label);
    }

    private static int LastBlank(string line)
    {
        int at = line.Length - 1;
        while (at >= 0 && !char.IsWhiteSpace(line[at]))
            at--;
        return at;
    }

    private static string Unquote(string text) => text is ['"', .. var inner, '"'] ? inner : text;

    private int? Label(string text, int line)
    {
        if (labels is not null && Named(text, line) is { } named)
            return named < 0 ? null : named;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            draft.Report(DatasetProblemKind.UnknownLabel, list, line, $"the label \"{text}\" is no class number{(labels is null ? "" : $" and none of the {labels.Count} class names")}.", labels is null ? "Give the class names as labels, or write numbers from 0." : "Correct it, or quote a name that has blanks.");
            return null;
        }

        if (number >= 0 && number < (classes ?? MostClasses))
            return (int)number;
        draft.Report(DatasetProblemKind.LabelOutOfRange, list, line, $"the label {number} is outside 0 to {(classes ?? MostClasses) - 1}{(classes is { } count ? $", as there are {count} classes" : "")}.", "Classes are numbered from 0; correct it, or give the right number of classes.");
        return null;
    }

    // A class name wins over a number that reads the same. −1: the name stands for several classes.
    private int? Named(string text, int line)
    {
        int first = -1;
        for (int i = 0; i < labels!.Count; i++)
        {
            if (labels[i] != text)
                continue;
            if (first >= 0)
            {
                draft.Report(DatasetProblemKind.UnknownLabel, list, line, $"the name \"{text}\" stands for the classes {first} and {i}.", "Write the class number.");
                return -1;
            }

            first = i;
        }

        return first < 0 ? null : first;
    }

    private string? Resolve(string path)
    {
        IEnumerable<string> spellings = OperatingSystem.IsWindows() || !path.Contains('\\', StringComparison.Ordinal) ? [path] : [path, path.Replace('\\', '/')];
        return spellings
            .SelectMany(spelling => new[] { Path.IsPathRooted(spelling) ? spelling : Path.Join(folder, spelling), spelling })
            .FirstOrDefault(File.Exists);
    }
}
