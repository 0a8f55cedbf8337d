using SkiaSharp;

namespace AlexNetTF.Imaging;

/// <summary>Decodes encoded bytes by SkiaSharp: raw samples, no colour management, no orientation, the first frame.</summary>
internal static class SkiaDecoder
{
    /// <summary>Decodes; the picture is null where the result is anything but a success.</summary>
    /// <exception cref="ImageFormatException">The declared size exceeds the limit.</exception>
    internal static unsafe SkiaResult Decode(ReadOnlySpan<byte> encoded, string name, ImageLimits limits)
    {
        fixed (byte* address = encoded)
        {
            using var data = SKData.Create((nint)address, encoded.Length);
            // The codec owns the stream.
            using var codec = SKCodec.Create(new SKMemoryStream(data), out SKCodecResult created);
            if (codec is null)
                return new(null, created, 1);
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            ImageDecoder.RequireSize(width, height, name, limits);
            bool hasAlpha = codec.Info.AlphaType != SKAlphaType.Opaque;
            DecodedImage image = DecodedImage.Rent(width, height, hasAlpha);
            var info = new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Unpremul);
            fixed (uint* pixels = image.Pixels)
            {
                SKCodecResult result = codec.GetPixels(info, (nint)pixels, info.RowBytes, SKCodecOptions.Default);
                if (result == SKCodecResult.Success)
                    return new(image, result, (int)codec.EncodedOrigin);
                image.Dispose();
                return new(null, result, 1);
            }
        }
    }
}

/// <summary>What SkiaSharp made of encoded bytes.</summary>
/// <param name="Image">The picture as stored, or null.</param>
/// <param name="Code">SkiaSharp's verdict.</param>
/// <param name="Orientation">The stored orientation, 1 to 8.</param>
internal readonly record struct SkiaResult(DecodedImage? Image, SKCodecResult Code, int Orientation);
