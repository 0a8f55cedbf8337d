using SkiaSharp;

namespace AlexNetTF.Imaging;

/// <summary>Writes pictures; the file name's extension says how.</summary>
internal static class PictureFile
{
    private const int Quality = 95;

    /// <summary>Refuses a name whose extension is not written here.</summary>
    internal static void RequireFormat(string path) => _ = Format(path);

    /// <summary>Whether pictures of this name can be written.</summary>
    internal static bool CanWrite(string path) => Find(path) is not null;

    /// <summary>Writes the picture, replacing an older file in one step.</summary>
    internal static unsafe void Write(DecodedImage image, string path)
    {
        SKEncodedImageFormat format = Format(path);
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        fixed (uint* pixels = image.Pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)pixels, info.RowBytes);
            using SKData data = pixmap.Encode(format, Quality) ?? throw new AlexNetException($"{path}: a picture of {image.Width}×{image.Height} pixels cannot be written as {format}.");
            AtomicFile.Write(path, stream => data.SaveTo(stream));
        }
    }

    /// <summary>The picture as a file's bytes, JPEG or PNG.</summary>
    internal static unsafe byte[] Encode(DecodedImage image, bool jpeg)
    {
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        fixed (uint* pixels = image.Pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)pixels, info.RowBytes);
            using SKData data = pixmap.Encode(jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, Quality) ?? throw new AlexNetException($"A picture of {image.Width}×{image.Height} pixels cannot be encoded.");
            return data.ToArray();
        }
    }

    private static SKEncodedImageFormat Format(string path) => Find(path)
        ?? throw new AlexNetException($"{path}: pictures are written as .png, .jpg, .jpeg or .webp, not as \"{Path.GetExtension(path)}\".");

    private static SKEncodedImageFormat? Find(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PNG" => SKEncodedImageFormat.Png,
        ".JPG" or ".JPEG" => SKEncodedImageFormat.Jpeg,
        ".WEBP" => SKEncodedImageFormat.Webp,
        _ => null,
    };
}
