namespace AlexNetTF.Imaging;

/// <summary>The file formats that are decoded.</summary>
internal enum ImageContainer
{
    Jpeg,
    Png,
    Gif,
    Bmp,
    WebP,
}

/// <summary>Tells picture formats by their first bytes.</summary>
internal static class ImageContainers
{
    /// <summary>How many bytes from the start decide.</summary>
    internal const int HeaderBytes = 18;

    /// <summary>The format of a file that starts with these bytes, or null.</summary>
    internal static ImageContainer? Find(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageContainer.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => ImageContainer.Png,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageContainer.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageContainer.WebP,
        // "BM" alone starts many a text: the size of the second header, at byte 14, must be one that exists.
        [(byte)'B', (byte)'M', _, _, _, _, _, _, _, _, _, _, _, _, 12 or 16 or 40 or 52 or 56 or 64 or 108 or 124, 0, 0, 0, ..] => ImageContainer.Bmp,
        _ => null,
    };

    /// <summary>The format, or the error that says what the content is instead.</summary>
    internal static ImageContainer Require(ReadOnlySpan<byte> content, string name)
    {
        if (content.IsEmpty)
            throw new ImageFormatException(name, ImageProblem.Empty, "the picture is empty (0 bytes).");
        if (Find(content) is { } container)
            return container;
        if (FindUnsupported(content) is { } format)
            throw new ImageFormatException(name, ImageProblem.Unsupported, $"this is {format}, which is not decoded here; convert it to PNG or JPEG.");
        string start = Convert.ToHexString(content[..Math.Min(content.Length, 8)]);
        throw new ImageFormatException(name, ImageProblem.NotAPicture, $"this is no JPEG, PNG, GIF, BMP or WebP picture: it starts with {start} (hexadecimal).");
    }

    private static string? FindUnsupported(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF file (or a camera's raw file)",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => "an AVIF file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'h' or (byte)'m', (byte)'e' or (byte)'i', ..] => "a HEIF (HEIC) file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an MP4 or QuickTime film",
        [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', (byte)' ', ..] => "a JPEG XL file",
        [0, 0, 0, 12, (byte)'j', (byte)'P', ..] => "a JPEG 2000 file",
        [0, 0, 1, 0, ..] => "an icon (ICO) file",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "a Photoshop file",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF file",
        [(byte)'<', (byte)'s', (byte)'v', (byte)'g', ..] or [(byte)'<', (byte)'?', (byte)'x', (byte)'m', (byte)'l', ..] => "an SVG or other XML file",
        [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)'\r' or (byte)' ', ..] => "a netpbm (PBM, PGM, PPM) file",
        _ => null,
    };
}
