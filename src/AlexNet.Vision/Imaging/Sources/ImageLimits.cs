namespace AlexNetTF;

/// <summary>
/// What a picture may cost before it is refused. A small file can declare a huge picture (a decompression bomb), so
/// the declared size is checked before any memory is taken for it.
/// </summary>
public sealed record ImageLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>The largest width × height that is decoded, in pixels; 134,217,728 (512 MiB of pixels) unless set.</summary>
    public long MaxPixels { get; init; } = 1L << 27;

    /// <summary>The largest encoded picture that is read, in bytes; 1 GiB unless set, never above 2,147,483,591.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How many times a JPEG may repaint <see cref="MaxPixels"/> pixels; 16 unless set. A progressive file draws its
    /// picture in several scans (about ten), and a hostile one in many thousands.
    /// </summary>
    public int MaxRepaints { get; init; } = 16;
}
