namespace AlexNetTF.Imaging;

/// <summary>
/// A random change of one picture, already decided; the default value changes nothing. The crop is cut out before
/// mirroring and resizing; brightness and contrast apply after resizing, before the mean is subtracted.
/// </summary>
/// <param name="CropScale">The crop's width and height as a share of the picture's; 0 stands for the whole picture.</param>
/// <param name="CropX">Where the crop lies between left (0) and right (1).</param>
/// <param name="CropY">Where the crop lies between top (0) and bottom (1).</param>
/// <param name="Brightness">Added to every channel, as a share of 255.</param>
/// <param name="Contrast">How much the distance from middle grey grows, as a share of it.</param>
internal readonly record struct ImageJitter(double CropScale = 0, double CropX = 0, double CropY = 0, float Brightness = 0, float Contrast = 0)
{
    private const float MiddleGrey = 127.5f;

    /// <summary>Whether pixels change: p → clamp(p · Gain + Offset, 0, 255) = clamp((p − 127.5) · (1 + c) + 127.5 + 255 · b, 0, 255).</summary>
    internal bool ChangesTone => Brightness != 0 || Contrast != 0;

    internal float Gain => 1f + Contrast;

    internal float Offset => (255f * Brightness) - (MiddleGrey * Contrast);

    /// <summary>The crop as a picture of its own, or null where the whole picture is wanted; the caller disposes it.</summary>
    internal DecodedImage? Crop(DecodedImage image)
    {
        (int width, int height) = (Length(image.Width), Length(image.Height));
        if (CropScale == 0 || (width == image.Width && height == image.Height))
            return null;
        (int left, int top) = (Place(image.Width - width, CropX), Place(image.Height - height, CropY));
        DecodedImage crop = DecodedImage.Rent(width, height, image.HasAlpha, image.Warning);
        for (int y = 0; y < height; y++)
            image.Row(top + y).Slice(left, width).CopyTo(crop.Row(y));
        return crop;
    }

    private int Length(int whole) => Math.Clamp((int)Math.Round(whole * CropScale), 1, whole);

    private static int Place(int room, double share) => Math.Clamp((int)((room + 1) * share), 0, room);
}
