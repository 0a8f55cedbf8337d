using SkiaSharp;

namespace AlexNetTF.Imaging;

/// <summary>
/// Turns encoded bytes into pixels that equal OpenCV's <c>cv2.imread(path)</c>: 8 bits a channel (16 bits lose the low
/// byte), grey and palettes expanded, colour profiles ignored, upright unless <c>autoOrient</c> is off.
/// </summary>
internal static class ImageDecoder
{
    /// <summary>Decodes a picture; the caller disposes it.</summary>
    /// <exception cref="ImageFormatException">The bytes are empty, no picture, broken, or beyond the limits.</exception>
    internal static DecodedImage Decode(ReadOnlyMemory<byte> encoded, string name, bool autoOrient, ImageLimits limits)
    {
        ReadOnlySpan<byte> bytes = encoded.Span;
        ImageContainer container = ImageContainers.Require(bytes, name);
        (DecodedImage image, int orientation) = container == ImageContainer.Jpeg
            ? JpegDecoder.Decode(bytes, name, limits)
            : DecodeWhole(bytes, name, container, limits);
        return autoOrient ? ExifOrientation.Apply(image, orientation) : image;
    }

    /// <summary>Refuses a picture that is larger than the limit.</summary>
    internal static void RequireSize(int width, int height, string name, ImageLimits limits)
    {
        long pixels = (long)width * height;
        if (pixels > Math.Min(limits.MaxPixels, Array.MaxLength / sizeof(uint)))
            throw new ImageFormatException(name, ImageProblem.TooLarge, $"the picture has {width}×{height} = {pixels:N0} pixels, more than the limit of {limits.MaxPixels:N0}; raise ImageLimits.MaxPixels if it is wanted.");
    }

    /// <summary>The error for bytes that start like a picture but cannot be decoded.</summary>
    internal static ImageFormatException Broken(string name, ImageContainer container, SKCodecResult code) => new(
        name,
        ImageProblem.Broken,
        code == SKCodecResult.IncompleteInput
            ? $"the {container} picture ends before its data does; get the whole file."
            : $"the {container} picture is damaged ({code}).");

    private static (DecodedImage Image, int Orientation) DecodeWhole(ReadOnlySpan<byte> bytes, string name, ImageContainer container, ImageLimits limits)
    {
        SkiaResult result = SkiaDecoder.Decode(bytes, name, limits);
        if (result.Image is null)
            throw Broken(name, container, result.Code);
        if (container == ImageContainer.Bmp)
            BmpDepth.DropReplicatedBits(bytes, result.Image.Pixels);
        return (result.Image, container == ImageContainer.Png ? ExifOrientation.OfPng(bytes) : result.Orientation);
    }
}
