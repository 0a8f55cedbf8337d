using System.Buffers;

namespace AlexNetTF.Imaging;

/// <summary>
/// A decoded picture: blue, green, red, alpha of 8 bits each, one <see cref="uint"/> a pixel (blue in the lowest byte),
/// rows from top to bottom without gaps. Four bytes rather than three, so that a pixel is one vector load.
/// </summary>
internal sealed class DecodedImage : IDisposable
{
    // A picture of more pixels is rare, and a pool would keep its memory.
    private const int LargestPooled = 1 << 25;

    private uint[]? pixels;

    private DecodedImage(uint[] pixels, int width, int height, bool hasAlpha)
    {
        this.pixels = pixels;
        Width = width;
        Height = height;
        HasAlpha = hasAlpha;
    }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>Whether the alpha byte means anything.</summary>
    internal bool HasAlpha { get; }

    /// <summary>What a user should know although there is a picture; null where all is well.</summary>
    internal string? Warning { get; set; }

    internal Span<uint> Pixels => (pixels ?? throw new ObjectDisposedException(nameof(DecodedImage))).AsSpan(0, Width * Height);

    internal Span<uint> Row(int y) => Pixels.Slice(y * Width, Width);

    /// <summary>Takes memory from the shared pool; the content is undefined.</summary>
    internal static DecodedImage Rent(int width, int height, bool hasAlpha = false, string? warning = null)
    {
        int count = checked(width * height);
        uint[] memory = count <= LargestPooled ? ArrayPool<uint>.Shared.Rent(count) : GC.AllocateUninitializedArray<uint>(count);
        return new(memory, width, height, hasAlpha) { Warning = warning };
    }

    internal static uint Pack(byte blue, byte green, byte red, byte alpha = 255) =>
        blue | ((uint)green << 8) | ((uint)red << 16) | ((uint)alpha << 24);

    /// <summary>Blends every pixel over one of grey <paramref name="background"/>: c·a/255 + background·(255−a)/255, rounded.</summary>
    internal void CompositeOver(byte background)
    {
        foreach (ref uint pixel in Pixels)
        {
            uint alpha = pixel >> 24;
            uint ground = (background * (255 - alpha)) + 127;
            uint blue = (((pixel & 255) * alpha) + ground) / 255;
            uint green = ((((pixel >> 8) & 255) * alpha) + ground) / 255;
            uint red = ((((pixel >> 16) & 255) * alpha) + ground) / 255;
            pixel = blue | (green << 8) | (red << 16) | 0xFF00_0000;
        }
    }

    public void Dispose()
    {
        if (pixels is { Length: <= LargestPooled })
            ArrayPool<uint>.Shared.Return(pixels);
        pixels = null;
    }
}
