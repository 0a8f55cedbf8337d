using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <summary>
/// Where a picture comes from: a file, a stream, encoded bytes, or raw pixels. A path, a byte array or a stream
/// converts to one by itself, so <c>ImageInput.Load("zebra.jpeg")</c> works.
/// </summary>
public abstract class ImageSource
{
    private protected ImageSource(string name) => Name = name;

    /// <summary>The path, or the name given by the caller; messages and results carry it.</summary>
    public string Name { get; }

    /// <summary>A picture file; its format is found from its content, never from its name.</summary>
    /// <param name="path">The file; it is opened when the picture is needed, not before.</param>
    public static ImageSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileImageSource(path);
    }

    /// <summary>An encoded picture in a stream, read from the current position to the end; the stream is left open.</summary>
    /// <param name="stream">The stream; a source made from it can be used once.</param>
    /// <param name="name">What messages call the picture.</param>
    public static ImageSource FromStream(Stream stream, string name = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamImageSource(stream, name);
    }

    /// <summary>An encoded picture in memory (the bytes of a JPEG, PNG … file).</summary>
    /// <param name="encoded">The bytes; they must not change while the source is in use.</param>
    /// <param name="name">What messages call the picture.</param>
    public static ImageSource FromBytes(ReadOnlyMemory<byte> encoded, string name = "bytes") => new BytesImageSource(encoded, name);

    /// <summary>Raw pixels, such as a camera frame or a bitmap of another library.</summary>
    /// <param name="pixels">The rows from top to bottom; they must not change while the source is in use.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="stride">Bytes from the start of one row to the start of the next; 0 where rows follow each other without a gap.</param>
    /// <param name="format">Channel order and bytes per pixel.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <exception cref="AlexNetException">A size is not positive, the stride is below a row's bytes, or the memory ends before the last row does.</exception>
    public static ImageSource FromPixels(
        ReadOnlyMemory<byte> pixels, int width, int height, int stride = 0, PixelFormat format = PixelFormat.Bgr24, string name = "pixels") =>
        new PixelsImageSource(pixels, width, height, stride, format, name);

    /// <summary>A picture file.</summary>
    /// <param name="path">The file.</param>
    public static implicit operator ImageSource(string path) => FromFile(path);

    /// <summary>An encoded picture in memory.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG … file.</param>
    public static implicit operator ImageSource(byte[] encoded) => FromBytes(encoded);

    /// <summary>An encoded picture in memory.</summary>
    /// <param name="encoded">The bytes of a JPEG, PNG … file.</param>
    public static implicit operator ImageSource(ReadOnlyMemory<byte> encoded) => FromBytes(encoded);

    /// <summary>An encoded picture in a stream.</summary>
    /// <param name="stream">The stream, read from its position to its end.</param>
    public static implicit operator ImageSource(Stream stream) => FromStream(stream);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Reads and decodes the picture.</summary>
    internal abstract DecodedImage Decode(bool autoOrient, ImageLimits limits);
}
