using System.Globalization;

namespace AlexNetTF.Weights;

/// <summary>
/// Reads the dictionary literal of a .npy header by a grammar of its own: strings in either quote, True and False,
/// a tuple of integers with Python 2's optional L. Nothing else is accepted, nothing nests.
/// </summary>
internal sealed class NpyHeaderParser(ByteRegion region, int start, string text)
{
    private int _at;

    public NpyHeader Parse(int dataOffset)
    {
        NumpyType? type = null;
        bool? fortran = null;
        long[]? shape = null;
        Expect('{');
        while (!Accept('}'))
        {
            string key = String("a key");
            Expect(':');
            switch (key)
            {
                case "descr" when type is null: type = Type(); break;
                case "fortran_order" when fortran is null: fortran = Boolean(); break;
                case "shape" when shape is null: shape = Tuple(); break;
                default: throw Error($"the key '{key}' is unknown or comes twice; descr, fortran_order and shape are read");
            }

            if (!Accept(','))
            {
                Expect('}');
                break;
            }
        }

        SkipSpace();
        if (_at < text.Length)
        {
            throw Error("text follows the dictionary");
        }

        return new NpyHeader(
            type ?? throw Missing("descr"), fortran ?? throw Missing("fortran_order"), shape ?? throw Missing("shape"), dataOffset);
    }

    private NumpyType Type()
    {
        SkipSpace();
        if (_at < text.Length && text[_at] == '[')
        {
            throw Error("a structured type cannot be weights; save each field as an array of its own");
        }

        string name = String("the type");
        return NumpyType.Parse(name) ?? throw Error(
            $"the type '{name}' is no number type that weights have (f2, f4, f8, i1–i8, u1–u8, b1); convert with astype('float32')");
    }

    private bool Boolean()
    {
        SkipSpace();
        foreach (bool value in (ReadOnlySpan<bool>)[false, true])
        {
            string word = value ? "True" : "False";
            if (string.CompareOrdinal(text, _at, word, 0, word.Length) == 0)
            {
                _at += word.Length;
                return value;
            }
        }

        throw Error("fortran_order is neither True nor False");
    }

    private long[] Tuple()
    {
        Expect('(');
        var dimensions = new List<long>();
        while (!Accept(')'))
        {
            dimensions.Add(Integer());
            if (!Accept(','))
            {
                if (!Accept(')') || dimensions.Count == 1)
                {
                    throw Error("the shape is not a tuple of integers");
                }

                break;
            }
        }

        long[] shape = [.. dimensions];
        Shapes.Count(shape, region.File, region.FilePosition + start + _at, "the array");
        return shape;
    }

    private long Integer()
    {
        SkipSpace();
        int from = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || (text[_at] is '-' or '+' && _at == from)))
        {
            _at++;
        }

        if (!long.TryParse(text.AsSpan(from, _at - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            throw Error("the shape is not a tuple of integers below 2^63");
        }

        _at += _at < text.Length && text[_at] == 'L' ? 1 : 0;
        return value;
    }

    private string String(string what)
    {
        SkipSpace();
        char quote = _at < text.Length ? text[_at] : '\0';
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
        {
            throw Error($"{what} is not a quoted string");
        }

        string value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private void Expect(char character)
    {
        if (!Accept(character))
        {
            throw Error($"'{character}' is missing");
        }
    }

    private bool Accept(char character)
    {
        SkipSpace();
        bool accepted = _at < text.Length && text[_at] == character;
        _at += accepted ? 1 : 0;
        return accepted;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
        {
            _at++;
        }
    }

    private FileFormatException Missing(string key) => Error($"the key '{key}' is missing");

    private FileFormatException Error(string problem) => NpyHeader.Error(region, start + _at, $"the .npy header is not readable: {problem}");
}
