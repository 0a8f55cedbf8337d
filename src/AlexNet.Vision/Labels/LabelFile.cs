using System.Text;
using System.Text.RegularExpressions;

namespace AlexNetTF.LabelFiles;

/// <summary>Finds a label file's kind and reads it.</summary>
internal static partial class LabelFile
{
    private const int MaxBytes = 1 << 26;

    internal static Labels Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Exists && info.Length > MaxBytes)
            throw new LabelFileException(path, 1, $"a label file of {info.Length:N0} bytes is beyond belief; the limit is {MaxBytes:N0}.");
        byte[] bytes = InputFile.ReadAllBytes(path, "label file");
        return Parse(Decode(bytes, path), path);
    }

    internal static Labels Parse(string text, string path)
    {
        if (PythonLiteral().IsMatch(text))
            return PythonLabels.Read(text, path);
        List<string> lines = Lines(text, path);
        return Synset().IsMatch(lines[0]) ? ReadSynsets(lines, path) : new([.. lines], null);
    }

    /// <summary>Trimmed lines; blank ones are dropped at the end and refused elsewhere.</summary>
    internal static List<string> Lines(string text, string path, int firstLine = 1)
    {
        List<string> lines = [.. text.Split('\n').Select(line => line.Trim())];
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        if (lines.Count == 0)
            throw new LabelFileException(path, firstLine, "the file holds no name.");
        int blank = lines.FindIndex(line => line.Length == 0);
        return blank < 0 ? lines : throw new LabelFileException(path, firstLine + blank, $"the line is blank; it would be the name of class {blank}. Remove it or give the class a name.");
    }

    internal static bool IsSynset(string text) => Synset().Match(text) is { Success: true } match && match.Length == text.Length;

    private static Labels ReadSynsets(List<string> lines, string path)
    {
        string[] names = new string[lines.Count], synsets = new string[lines.Count];
        for (int i = 0; i < names.Length; i++)
        {
            Match match = Synset().Match(lines[i]);
            if (!match.Success)
                throw new LabelFileException(path, i + 1, $"\"{lines[i]}\" does not start with an identifier such as n01440764, as line 1 does.");
            synsets[i] = match.Groups[1].Value;
            string name = lines[i][match.Length..].Trim();
            names[i] = name.Length > 0 ? name : synsets[i];
        }

        return new(names, synsets);
    }

    private static string Decode(byte[] bytes, string path)
    {
        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
        int wrong = text.IndexOf((byte)0);
        if (wrong < 0 && !System.Text.Unicode.Utf8.IsValid(text))
            wrong = Encoding.UTF8.GetByteCount(Encoding.UTF8.GetString(text).Split('\uFFFD')[0]);
        if (wrong >= 0)
            throw new LabelFileException(path, 1 + text[..Math.Min(wrong, text.Length)].Count((byte)'\n'), "this is no UTF-8 text; save the labels as UTF-8.");
        return Encoding.UTF8.GetString(text);
    }

    // After comments: a list, a dictionary, a string in triple quotes, or an assignment of any literal.
    [GeneratedRegex("""^(?>(?:\s|#[^\n]*(?:\n|$))*)([\[{]|'''|"{3}|[A-Za-z_]\w*\s*=\s*[rRuUbB]?['"\[{(])""")]
    private static partial Regex PythonLiteral();

    [GeneratedRegex(@"^(n\d{8})(?:\s+|$)")]
    private static partial Regex Synset();
}
