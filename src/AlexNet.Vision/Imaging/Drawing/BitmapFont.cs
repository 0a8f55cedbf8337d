using System.Text;

namespace AlexNetTF.Imaging;

/// <summary>
/// A font of 5×9 pixels, two of the rows below the line, so that drawing needs no font on the machine. It has ASCII's
/// characters; accented Latin letters are drawn without their accents, others by a font of the system or as a box.
/// </summary>
internal sealed class BitmapFont(SystemGlyphs others)
{
    /// <summary>The font with the system's fonts for what it lacks.</summary>
    internal static BitmapFont Default { get; } = new(SystemGlyphs.Installed);

    /// <summary>Height of a line in pixels at scale 1.</summary>
    internal const int Height = 9;

    /// <summary>From one character to the next at scale 1.</summary>
    internal const int Advance = 6;

    private const int Columns = 5;

    private const string Box = "VHHHHHV00";

    // Nine rows a character, from the space on; a row is five pixels, the left one the highest bit, as a digit 0 to V of base 32.
    private const string Glyphs =
        "000000000444440400AA0000000AAVAVAA004FKE5U400PP248JJ00CIK8LID004400000002488842008422248000LEVEL000044V44000" +
        "000066240000V0000000000CC0011248GG00EHJLPHE004C4444E00EH168GV00V2421HE0026AIV2200VGU11HE0068GUHHE00V12488800" +
        "EHHEHHE00EHHF12C00066066000066066240248G8420000V0V0000842124800EH1240400EHNLNGF00EHHVHHH00UHHUHHU00EHGGGHE00" +
        "UHHHHHU00VGGUGGV00VGGUGGG00EHGNHHF00HHHVHHH00E44444E0072222IC00HIKOKIH00GGGGGGV00HRLLHHH00HPPLJJH00EHHHHHE00" +
        "UHHUGGG00EHHHLID00UHHUKIH00FGGE11U00V44444400HHHHHHE00HHHHAA400HHHLLRH00HHA4AHH00HHA444400V1248GV00E88888E00" +
        "GG8421100E22222E004AH000000000000V0084000000000E1FHF00GGMPHHU0000EGGHE0011DJHHF0000EHVGE00698S8880000FHHHF1E" +
        "GGMPHHH0040C444E002062222ICGGIKOKI00C44444E0000QLLLL0000MPHHH0000EHHHE0000UHHHUGG00FHHHF1100MPGGG0000FGE1U00" +
        "88S88960000HHHJD0000HHHA40000HHLLA0000HA4AH0000HHHHF1E00V248V00688G88600444444400C22122C00008L20000";

    // A base letter, then the letters that are drawn as it.
    private static readonly string[] Folds =
    [
        "AÀÁÂÃÄÅĀĂĄ", "CÇĆČ", "DĎĐ", "EÈÉÊËĒĘĚ", "GĞ", "IÌÍÎÏĪİ", "LŁ", "NÑŃŇ", "OÒÓÔÕÖØŌŐ", "RŘ", "SŚŠŞ", "TŤŢ", "UÙÚÛÜŪŮŰ", "YÝ", "ZŹŻŽ",
        "aàáâãäåāăą", "cçćč", "dďđ", "eèéêëēęě", "gğ", "iìíîïīı", "lł", "nñńň", "oòóôõöøōő", "rř", "sśšşß", "tťţ", "uùúûüūůű", "yýÿ", "zźżž",
        "-‐‑–—", "'‘’", "\"“”", ".…·",
    ];

    /// <summary>Width of a text in pixels.</summary>
    internal int Measure(string text, int scale) => text.EnumerateRunes().Sum(rune => Width(rune, scale));

    /// <summary>The text, or as much of it as fits with ".." after it.</summary>
    internal string Fit(string text, int width, int scale)
    {
        if (Measure(text, scale) <= width)
            return text;
        int room = width - Measure("..", scale);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            room -= Width(rune, scale);
            if (room < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length].TrimEnd(' ', ',') + "..";
    }

    /// <summary>Draws a text; (x, y) is its upper left corner.</summary>
    internal void Draw(Canvas canvas, string text, int x, int y, int scale, uint colour)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Find(rune) is { Length: > 0 } glyph)
                DrawGlyph(canvas, glyph, x, y, scale, colour);
            else if (!others.Draw(canvas, rune, x, y, scale, colour))
                DrawGlyph(canvas, Box, x, y, scale, colour);
            x += Width(rune, scale);
        }
    }

    private int Width(Rune rune, int scale) =>
        Find(rune).IsEmpty && others.Measure(rune, scale) is { } width ? width : Advance * scale;

    private static ReadOnlySpan<char> Find(Rune rune)
    {
        if (rune.Value >= 127 && rune.IsBmp && Array.Find(Folds, fold => fold.IndexOf((char)rune.Value, 1) > 0) is { } fold)
            rune = new Rune(fold[0]);
        return rune.Value is >= 32 and < 127 ? Glyphs.AsSpan((rune.Value - 32) * Height, Height) : default;
    }

    private static void DrawGlyph(Canvas canvas, ReadOnlySpan<char> glyph, int x, int y, int scale, uint colour)
    {
        for (int row = 0; row < Height; row++)
        {
            int bits = glyph[row] <= '9' ? glyph[row] - '0' : glyph[row] - 'A' + 10;
            for (int column = 0; column < Columns; column++)
            {
                if (((bits >> (Columns - 1 - column)) & 1) != 0)
                    canvas.Fill(x + (column * scale), y + (row * scale), scale, scale, colour);
            }
        }
    }
}
