namespace AlexNetTF.Imaging;

/// <summary>Raw pixels in the caller's memory.</summary>
internal sealed class PixelsImageSource : ImageSource
{
    private readonly ReadOnlyMemory<byte> pixels;
    private readonly int width;
    private readonly int height;
    private readonly int stride;
    private readonly PixelFormat format;

    internal PixelsImageSource(ReadOnlyMemory<byte> pixels, int width, int height, int stride, PixelFormat format, string name)
        : base(name)
    {
        if (!Enum.IsDefined(format))
            throw new AlexNetException($"{name}: {format} is no pixel format.");
        if (width <= 0 || height <= 0)
            throw new AlexNetException($"{name}: a picture of {width}×{height} pixels has no pixels; width and height must be positive.");
        long row = (long)width * BytesPerPixel(format);
        long step = stride == 0 ? row : stride;
        if (step < row)
            throw new AlexNetException($"{name}: a stride of {stride} bytes is below the {row} bytes of a row of {width} {format} pixels.");
        long needed = (step * (height - 1)) + row;
        if (step > int.MaxValue || pixels.Length < needed)
            throw new AlexNetException($"{name}: {width}×{height} {format} pixels with a stride of {step} need {needed:N0} bytes, but {pixels.Length:N0} were given.");
        (this.pixels, this.width, this.height, this.stride, this.format) = (pixels, width, height, (int)step, format);
    }

    internal override DecodedImage Decode(bool autoOrient, ImageLimits limits)
    {
        ImageDecoder.RequireSize(width, height, Name, limits);
        DecodedImage image = DecodedImage.Rent(width, height, hasAlpha: format is PixelFormat.Bgra32 or PixelFormat.Rgba32);
        int row = width * BytesPerPixel(format);
        for (int y = 0; y < height; y++)
            Convert(pixels.Span.Slice(y * stride, row), image.Row(y), format);
        return image;
    }

    private static int BytesPerPixel(PixelFormat format) => format switch
    {
        PixelFormat.Grey8 => 1,
        PixelFormat.Bgr24 or PixelFormat.Rgb24 => 3,
        _ => 4,
    };

    private static void Convert(ReadOnlySpan<byte> from, Span<uint> to, PixelFormat format)
    {
        for (int x = 0; x < to.Length; x++)
        {
            to[x] = format switch
            {
                PixelFormat.Grey8 => DecodedImage.Pack(from[x], from[x], from[x]),
                PixelFormat.Bgr24 => DecodedImage.Pack(from[3 * x], from[(3 * x) + 1], from[(3 * x) + 2]),
                PixelFormat.Rgb24 => DecodedImage.Pack(from[(3 * x) + 2], from[(3 * x) + 1], from[3 * x]),
                PixelFormat.Bgra32 => DecodedImage.Pack(from[4 * x], from[(4 * x) + 1], from[(4 * x) + 2], from[(4 * x) + 3]),
                _ => DecodedImage.Pack(from[(4 * x) + 2], from[(4 * x) + 1], from[4 * x], from[(4 * x) + 3]),
            };
        }
    }
}
