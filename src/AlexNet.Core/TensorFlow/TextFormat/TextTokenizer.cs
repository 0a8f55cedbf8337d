using System.Buffers;
using System.Text;

namespace AlexNetTF.TensorFlow;

/// <summary>Cuts a text proto into names, numbers, quoted strings and punctuation; skips blanks and comments (from # on).</summary>
internal ref struct TextTokenizer
{
    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+"u8);
    private static readonly SearchValues<byte> BlankBytes = SearchValues.Create(" \t\r\n\v\f"u8);
    private readonly ReadOnlySpan<byte> text;
    private readonly string path;
    private int next;

    public TextTokenizer(ReadOnlySpan<byte> text, string path)
    {
        this.text = text;
        this.path = path;
        Advance();
    }

    /// <summary>The current token; empty at the end of the text.</summary>
    public ReadOnlySpan<byte> Token { get; private set; }

    /// <summary>Where the current token starts.</summary>
    public int Start { get; private set; }

    public readonly bool AtEnd => Token.IsEmpty;

    public readonly bool IsString => !AtEnd && Token[0] is (byte)'"' or (byte)'\'';

    public readonly bool IsWord => !AtEnd && WordBytes.Contains(Token[0]);

    public readonly bool Is(char punctuation) => Token.Length == 1 && Token[0] == punctuation;

    /// <summary>Takes the punctuation mark if it stands here.</summary>
    public bool TryTake(char punctuation)
    {
        if (!Is(punctuation)) return false;
        Advance();
        return true;
    }

    public void Take(char punctuation)
    {
        if (!TryTake(punctuation)) throw Error($"'{punctuation}' should stand here");
    }

    /// <summary>Takes a name or a number.</summary>
    public string TakeWord(string expected)
    {
        if (!IsWord) throw Error($"{expected} should stand here");
        string word = Encoding.ASCII.GetString(Token);
        Advance();
        return word;
    }

    /// <summary>Takes one quoted string, or several in a row, and appends the bytes that they stand for.</summary>
    public void TakeStrings(ArrayBufferWriter<byte> output)
    {
        if (!IsString) throw Error("a quoted string should stand here");
        while (IsString)
        {
            int wrong = CEscape.Decode(Token[1..^1], output);
            if (wrong >= 0) throw Error("an escape sequence of this string is wrong", Start + 1 + wrong);
            Advance();
        }
    }

    public readonly FileFormatException Error(string problem, int? at = null)
    {
        ReadOnlySpan<byte> before = text[..Math.Min(at ?? Start, text.Length)];
        int line = before.Count((byte)'\n') + 1;
        int column = before.Length - before.LastIndexOf((byte)'\n');
        string found = AtEnd ? "the end of the text" : $"\"{Encoding.UTF8.GetString(Token[..Math.Min(Token.Length, 40)])}\"";
        return new FileFormatException(path, $"line {line}, column {column}: {problem}, not {found}.");
    }

    public void Advance()
    {
        SkipBlanks();
        Start = next;
        Token = default;
        if (next == text.Length) return;
        int length = text[next] switch
        {
            (byte)'"' or (byte)'\'' => QuotedLength(),
            byte first when WordBytes.Contains(first) => WordLength(),
            _ => 1,
        };
        Token = text.Slice(next, length);
        next += length;
    }

    // A sign belongs to a number only as its exponent's: 1e-5.
    private readonly int WordLength()
    {
        ReadOnlySpan<byte> rest = text[next..];
        int length = 0;
        while (length < rest.Length && (WordBytes.Contains(rest[length]) || (rest[length] == '-' && IsExponent(rest[..length])))) length++;
        return length;
    }

    private static bool IsExponent(ReadOnlySpan<byte> word) => word.Length > 1 && word[^1] is (byte)'e' or (byte)'E' && word[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'.';

    private readonly int QuotedLength()
    {
        byte quote = text[next];
        for (int at = next + 1; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == quote) return at + 1 - next;
            if (text[at] == '\\') at++;
        }

        throw Error("this string has no end on its line", next);
    }

    private void SkipBlanks()
    {
        while (next < text.Length)
        {
            int blanks = text[next..].IndexOfAnyExcept(BlankBytes);
            next = blanks < 0 ? text.Length : next + blanks;
            if (next == text.Length || text[next] != '#') return;
            int comment = text[next..].IndexOf((byte)'\n');
            next = comment < 0 ? text.Length : next + comment;
        }
    }
}
