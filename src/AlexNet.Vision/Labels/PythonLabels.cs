using System.Globalization;

namespace AlexNetTF.LabelFiles;

/// <summary>Makes labels of a Python or JSON literal.</summary>
internal static class PythonLabels
{
    internal static Labels Read(string text, string path)
    {
        var reader = new PythonReader(text, path);
        PythonValue value = reader.ReadFile();
        // A string of lines starts on the line of its opening quotes, or on the next one.
        if (value.Text is { } lines)
        {
            bool onNext = lines.StartsWith('\n') || lines.StartsWith("\r\n", StringComparison.Ordinal);
            return new([.. LabelFile.Lines(onNext ? lines[(lines.IndexOf('\n', StringComparison.Ordinal) + 1)..] : lines, path, onNext ? value.Line + 1 : value.Line)], null);
        }

        List<PythonValue>? entries = value.Pairs is { } pairs ? Order(pairs, reader) : value.Items;
        if (entries is null or [])
            throw reader.Error("there are no names in it.", value.Line);
        string[] names = new string[entries.Count];
        var synsets = new string?[entries.Count];
        for (int i = 0; i < names.Length; i++)
            (names[i], synsets[i]) = Name(entries[i], i, reader);
        return new(names, synsets.Contains(null) ? null : [.. synsets.OfType<string>()]);
    }

    // A name, or a list that ends with it and may begin with its identifier: ["n01440764", "tench"].
    private static (string Name, string? Synset) Name(PythonValue entry, int index, PythonReader reader)
    {
        string? name = entry.Text ?? (entry.Items is { Count: > 0 } items ? items[^1].Text : null);
        if (string.IsNullOrWhiteSpace(name))
            throw reader.Error($"class {index} has no name: a text in quotes is expected.", entry.Line);
        string? first = entry.Items?[0].Text;
        return (name.Trim(), first is not null && LabelFile.IsSynset(first) ? first : null);
    }

    // {0: 'tench', …}, {"0": "tench", …} or {'tench': 0, …}: every number from 0 up exactly once.
    private static List<PythonValue> Order(List<(PythonValue Key, PythonValue Value)> pairs, PythonReader reader)
    {
        var byNumber = new PythonValue?[pairs.Count];
        foreach ((PythonValue key, PythonValue value) in pairs)
        {
            (PythonValue number, PythonValue name) = value.Number is not null ? (value, key) : (key, value);
            if (Number(number) is not { } index)
                throw reader.Error("a class number is expected, such as 0: 'tench'.", number.Line);
            if (index < 0 || index >= byNumber.Length)
                throw reader.Error($"class {index} is outside 0 to {byNumber.Length - 1}, as there are {byNumber.Length} classes.", number.Line);
            if (byNumber[index] is { } other)
                throw reader.Error($"class {index} was named before, on line {other.Line}.", number.Line);
            byNumber[index] = name;
        }

        return [.. byNumber.OfType<PythonValue>()];
    }

    private static long? Number(PythonValue value) =>
        value.Number ?? (long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null);
}
