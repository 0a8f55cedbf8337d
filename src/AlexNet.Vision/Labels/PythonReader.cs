using System.Globalization;
using System.Text;

namespace AlexNetTF.LabelFiles;

/// <summary>
/// Reads one Python (or JSON) literal: strings, whole numbers, lists, tuples, dictionaries. Nothing is executed; of calls
/// only the string methods split, splitlines, strip and rstrip are known, which cut a text into lines.
/// </summary>
internal sealed class PythonReader(string text, string path)
{
    private const int MaxDepth = 4;
    private int at;

    private int Line => 1 + text.AsSpan(0, Math.Min(at, text.Length)).Count('\n');

    /// <summary>Reads the file: an optional assignment, a literal, and nothing more.</summary>
    internal PythonValue ReadFile()
    {
        SkipSpace();
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        SkipSpace();
        // A name that no "=" follows is a string's prefix.
        if (!Take('='))
            at = start;
        SkipSpace();
        PythonValue value = ReadValue(0);
        while (SkipSpace() == '.')
            ReadLineMethod(value);
        return SkipSpace() == '\0' ? value : throw Error($"'{text[at]}' follows the labels; one list, dictionary or string of names is expected.");
    }

    internal LabelFileException Error(string problem, int? line = null) => new(path, line ?? Line, problem);

    private PythonValue ReadValue(int depth)
    {
        if (depth > MaxDepth)
            throw Error("the lists are nested too deep for labels.");
        int line = Line;
        switch (SkipSpace())
        {
            case '[':
                return new(line) { Items = ReadItems(']', depth) };
            case '(':
                return new(line) { Items = ReadItems(')', depth) };
            case '{':
                return new(line) { Pairs = ReadPairs(depth) };
            case >= '0' and <= '9' or '-':
                return new(line) { Number = ReadNumber() };
            case '\0':
                throw Error("the file ends where a name or a list was expected.");
            default:
                return new(line) { Text = ReadStrings() };
        }
    }

    private List<PythonValue> ReadItems(char end, int depth)
    {
        List<PythonValue> items = [];
        at++;
        while (SkipSpace() != end)
        {
            items.Add(ReadValue(depth + 1));
            if (!Separated(end))
                break;
        }

        at++;
        return items;
    }

    private List<(PythonValue Key, PythonValue Value)> ReadPairs(int depth)
    {
        List<(PythonValue, PythonValue)> pairs = [];
        at++;
        while (SkipSpace() != '}')
        {
            PythonValue key = ReadValue(depth + 1);
            SkipSpace();
            if (!Take(':'))
                throw Error("':' is missing between a class and its name.");
            pairs.Add((key, ReadValue(depth + 1)));
            if (!Separated('}'))
                break;
        }

        at++;
        return pairs;
    }

    // True after a comma, false before the closing bracket.
    private bool Separated(char end)
    {
        char next = SkipSpace();
        if (Take(','))
            return true;
        return next == end ? false : throw Error(next == '\0' ? $"the file ends before the closing '{end}'." : $"',' or '{end}' was expected, not '{next}'.");
    }

    private long ReadNumber()
    {
        int start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '-'))
            at++;
        return long.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Error($"{text[start..at]} is no whole number.");
    }

    // Literals that follow each other are one string.
    private string ReadStrings()
    {
        var value = new StringBuilder();
        do
            ReadString(value);
        while (SkipSpace() is '\'' or '"');
        return value.ToString();
    }

    private void ReadString(StringBuilder value)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        string prefix = text[start..at].ToUpperInvariant();
        char quote = at < text.Length ? text[at] : '\0';
        if (prefix is not ("" or "R" or "U" or "B" or "BR" or "RB") || quote is not ('\'' or '"'))
            throw Error($"a name in quotes was expected at \"{text.AsSpan(start, Math.Min(20, text.Length - start))}\".");
        string delimiter = text.AsSpan(at).StartsWith(new string(quote, 3)) ? new string(quote, 3) : quote.ToString();
        int line = Line;
        at += delimiter.Length;
        while (!text.AsSpan(at).StartsWith(delimiter))
        {
            if (at >= text.Length || (delimiter.Length == 1 && text[at] == '\n'))
                throw Error($"the string that starts here has no closing {delimiter}.", line);
            char c = text[at++];
            if (c == '\\' && at < text.Length && !prefix.Contains('R', StringComparison.Ordinal))
                ReadEscape(value);
            else
                value.Append(c);
        }

        at += delimiter.Length;
    }

    private void ReadEscape(StringBuilder value)
    {
        char c = text[at++];
        switch (c)
        {
            case '\n':
                break;
            case '\\' or '\'' or '"' or '/':
                value.Append(c);
                break;
            case 'n' or 't' or 'r':
                value.Append(c switch { 'n' => '\n', 't' => '\t', _ => '\r' });
                break;
            case 'x' or 'u' or 'U':
                value.Append(ReadHex(c switch { 'x' => 2, 'u' => 4, _ => 8 }));
                break;
            default:
                throw Error($"the escape \\{c} is not known in labels.");
        }
    }

    private string ReadHex(int digits)
    {
        ReadOnlySpan<char> hex = text.AsSpan(at, Math.Min(digits, text.Length - at));
        if (hex.Length < digits || !int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || code is < 0 or > 0x10FFFF)
            throw Error($"\"{hex}\" is no character code of {digits} hexadecimal digits.");
        at += digits;
        return code is < 0xD800 or > 0xFFFF ? char.ConvertFromUtf32(code) : ((char)code).ToString();
    }

    private void ReadLineMethod(PythonValue value)
    {
        int end = text.IndexOf(')', at);
        string call = end < 0 ? text[at..] : text[at..(end + 1)];
        string method = call.Split('(')[0];
        if (value.Text is null || end < 0 || method is not (".split" or ".splitlines" or ".strip" or ".rstrip"))
            throw Error($"\"{call}\" is not known here; a string of names may be followed by .split(\"\\n\").");
        at = end + 1;
    }

    /// <summary>Skips blanks and comments and gives the next character, or NUL at the end.</summary>
    private char SkipSpace()
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
                at = text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
            else if (char.IsWhiteSpace(text[at]) || text[at] == '\\')
                at++;
            else
                return text[at];
        }

        return '\0';
    }

    private bool Take(char expected)
    {
        if (at >= text.Length || text[at] != expected)
            return false;
        at++;
        return true;
    }
}

/// <summary>A literal: exactly one of the properties is set.</summary>
/// <param name="Line">The line that it starts on.</param>
internal sealed record PythonValue(int Line)
{
    internal string? Text { get; init; }

    internal long? Number { get; init; }

    internal List<PythonValue>? Items { get; init; }

    internal List<(PythonValue Key, PythonValue Value)>? Pairs { get; init; }
}
