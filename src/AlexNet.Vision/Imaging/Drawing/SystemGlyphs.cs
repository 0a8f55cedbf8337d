using System.Text;
using SkiaSharp;

namespace AlexNetTF.Imaging;

/// <summary>Characters of other scripts, by a font of the system where SkiaSharp finds one (it finds none on Linux).</summary>
internal sealed class SystemGlyphs(Func<Rune, SKTypeface?> match)
{
    // As tall as BitmapFont's capitals.
    private const float SizePerScale = 9;

    /// <summary>The fonts that the system offers.</summary>
    internal static SystemGlyphs Installed { get; } = new(rune => SKFontManager.Default.MatchCharacter(rune.Value));

    /// <summary>The character's width in pixels, or null where no font has it.</summary>
    internal int? Measure(Rune rune, int scale)
    {
        using SKFont? font = Find(rune, scale);
        return font is null ? null : (int)MathF.Ceiling(font.MeasureText(rune.ToString()));
    }

    /// <summary>Draws a character; false where no font has it.</summary>
    internal bool Draw(Canvas canvas, Rune rune, int x, int y, int scale, uint colour)
    {
        using SKFont? font = Find(rune, scale);
        if (font is null)
            return false;
        int width = (int)MathF.Ceiling(font.MeasureText(rune.ToString()));
        int height = BitmapFont.Height * scale;
        using var mask = new SKBitmap(new SKImageInfo(Math.Max(width, 1), height, SKColorType.Alpha8, SKAlphaType.Premul));
        mask.Erase(SKColors.Transparent);
        using (var drawing = new SKCanvas(mask))
        using (var paint = new SKPaint { Color = SKColors.White, IsAntialias = true })
            drawing.DrawText(rune.ToString(), 0, 7 * scale, SKTextAlign.Left, font, paint);
        for (int row = 0; row < mask.Height; row++)
        {
            for (int column = 0; column < mask.Width; column++)
            {
                uint share = mask.GetPixel(column, row).Alpha;
                canvas.Fill(x + column, y + row, 1, 1, (colour & 0xFF_FFFF) | (share << 24));
            }
        }

        return true;
    }

    private SKFont? Find(Rune rune, int scale)
    {
        if (match(rune) is not { } typeface)
            return null;
        var font = new SKFont(typeface, SizePerScale * scale);
        if (font.ContainsGlyph(rune.Value))
            return font;
        font.Dispose();
        return null;
    }
}
