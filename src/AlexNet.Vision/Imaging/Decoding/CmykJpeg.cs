namespace AlexNetTF.Imaging;

/// <summary>
/// A JPEG of cyan, magenta, yellow and black, with OpenCV's arithmetic on the stored values: red = k − ((255 − c)·k ≫ 8), and
/// likewise green from m and blue from y. (The decoder's own mixture rounds differently, by 1 of 255.)
/// </summary>
internal static class CmykJpeg
{
    /// <summary>Decodes a file of four components; the picture is null where its kind is not handled or it is damaged.</summary>
    internal static SkiaResult Decode(ReadOnlySpan<byte> jpeg, List<JpegSegment> segments, string name, ImageLimits limits)
    {
        // Adobe's YCCK holds the inverted colours as YCbCr, and black as it is.
        bool inverted = Transform(jpeg, segments) != 0;
        if (JpegComponents.Without(jpeg, index: 3, transform: inverted ? (byte)1 : (byte)0) is not { } colours
            || (JpegComponents.Without(jpeg, index: 1, transform: 0) ?? JpegComponents.Without(jpeg, index: 0, transform: 0)) is not { } black)
            return default;
        SkiaResult inks = SkiaDecoder.Decode(colours, name, limits);
        SkiaResult key = SkiaDecoder.Decode(black, name, limits);
        using DecodedImage? keyImage = key.Image;
        if (inks.Image is null || keyImage is null)
        {
            inks.Image?.Dispose();
            return default;
        }

        Mix(inks.Image.Pixels, keyImage.Pixels, inverted ? 255u : 0u);
        return inks;
    }

    // The three components that are left come out as red, green and blue, in this order: black is the blue of the second
    // picture. XOR with 255 inverts.
    private static void Mix(Span<uint> inks, ReadOnlySpan<uint> keys, uint inversion)
    {
        for (int i = 0; i < inks.Length; i++)
        {
            uint k = keys[i] & 255;
            uint red = Channel(((inks[i] >> 16) & 255) ^ inversion, k);
            uint green = Channel(((inks[i] >> 8) & 255) ^ inversion, k);
            uint blue = Channel((inks[i] & 255) ^ inversion, k);
            inks[i] = DecodedImage.Pack((byte)blue, (byte)green, (byte)red);
        }
    }

    private static uint Channel(uint ink, uint k) => k - (((255 - ink) * k) >> 8);

    private static int Transform(ReadOnlySpan<byte> jpeg, List<JpegSegment> segments)
    {
        foreach (JpegSegment segment in segments)
        {
            ReadOnlySpan<byte> parameters = segment.Marker == JpegSegment.Adobe ? segment.Parameters(jpeg) : default;
            if (parameters.Length >= 12 && parameters.StartsWith("Adobe"u8))
                return parameters[11];
        }

        return 0;
    }
}
