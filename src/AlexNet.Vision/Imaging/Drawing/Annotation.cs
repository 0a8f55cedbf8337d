using System.Globalization;
using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <summary>Draws predictions on pictures.</summary>
public static class Annotation
{
    private const uint White = 0xFFFF_FFFF;
    private const uint Shade = 0xA000_0000;
    private const uint Bar = 0xC0C8_7800;
    private const int SmallestWidth = 256;

    /// <summary>
    /// Writes a copy of a picture with names, probabilities and bars in its upper left corner, best first as given. A
    /// picture narrower than 256 pixels is enlarged by a whole number, so that the text can be read. No font is needed.
    /// </summary>
    /// <param name="source">The picture; drawn upright.</param>
    /// <param name="predictions">What is written; each gets a line.</param>
    /// <param name="path">The new file: .png, .jpg, .jpeg or .webp.</param>
    /// <param name="limits">What the picture may cost; null for <see cref="ImageLimits.Default"/>.</param>
    /// <exception cref="ImageFormatException">The picture is empty, none, broken, or beyond the limits.</exception>
    /// <exception cref="AlexNetException">The new file's extension is another.</exception>
    public static void Save(ImageSource source, IReadOnlyList<Prediction> predictions, string path, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(predictions);
        PictureFile.RequireFormat(path);
        using DecodedImage picture = source.Decode(autoOrient: true, limits ?? ImageLimits.Default);
        if (picture.HasAlpha)
            picture.CompositeOver(255);
        using DecodedImage drawn = Draw(picture, predictions);
        PictureFile.Write(drawn, path);
    }

    /// <summary>A copy of the picture with the predictions.</summary>
    internal static DecodedImage Draw(DecodedImage picture, IReadOnlyList<Prediction> predictions)
    {
        int enlargement = Math.Max(1, (SmallestWidth + picture.Width - 1) / picture.Width);
        DecodedImage drawn = Canvas.Create(picture.Width * enlargement, picture.Height * enlargement, 0);
        var canvas = new Canvas(drawn);
        canvas.Draw(picture, 0, 0, enlargement);
        int scale = Scale(drawn, predictions.Count);
        int line = (BitmapFont.Height + 2) * scale;
        int width = Math.Min(drawn.Width, predictions.Select(p => TextWidth(p, scale)).DefaultIfEmpty(0).Max());
        canvas.Fill(0, 0, width, (line * predictions.Count) + scale, Shade);
        for (int i = 0; i < predictions.Count; i++)
            DrawLine(canvas, predictions[i], i * line, width, scale);
        return drawn;
    }

    private static void DrawLine(Canvas canvas, Prediction prediction, int y, int width, int scale)
    {
        int bar = (int)Math.Round(Math.Clamp(prediction.Probability, 0, 1) * (width - (2 * scale)));
        canvas.Fill(scale, y + scale, bar, (BitmapFont.Height + 1) * scale, Bar);
        string text = BitmapFont.Default.Fit(Text(prediction), width - (4 * scale), scale);
        BitmapFont.Default.Draw(canvas, text, 2 * scale, y + (2 * scale), scale, White);
    }

    private static int TextWidth(Prediction prediction, int scale) => BitmapFont.Default.Measure(Text(prediction), scale) + (4 * scale);

    private static string Text(Prediction prediction) =>
        string.Create(CultureInfo.InvariantCulture, $"{prediction.Probability * 100,5:0.0}% {prediction.Label}");

    // About 32 characters across, and not more than half of the picture's height.
    private static int Scale(DecodedImage picture, int lines)
    {
        int across = picture.Width / (32 * BitmapFont.Advance);
        int down = picture.Height / (2 * (BitmapFont.Height + 2) * Math.Max(lines, 1));
        return Math.Max(1, Math.Min(across, down));
    }
}
