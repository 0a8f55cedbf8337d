namespace AlexNetTF.Imaging;

/// <summary>Draws on a decoded picture; what lies outside of it is cut off.</summary>
internal readonly struct Canvas(DecodedImage image)
{
    /// <summary>The picture that is drawn on.</summary>
    internal DecodedImage Image => image;

    /// <summary>Blends a rectangle of one colour over the picture.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="colour">The colour; its alpha byte is its share.</param>
    internal void Fill(int x, int y, int width, int height, uint colour)
    {
        int left = Math.Max(x, 0), right = Math.Min(x + width, image.Width);
        for (int row = Math.Max(y, 0); row < Math.Min(y + height, image.Height) && left < right; row++)
        {
            foreach (ref uint pixel in image.Row(row)[left..right])
                pixel = Blend(pixel, colour, colour >> 24);
        }
    }

    /// <summary>Copies a picture into this one, every pixel as a square of <paramref name="scale"/>.</summary>
    internal void Draw(DecodedImage other, int x, int y, int scale)
    {
        for (int row = 0; row < other.Height * scale; row++)
        {
            ReadOnlySpan<uint> from = other.Row(row / scale);
            Span<uint> to = image.Row(y + row).Slice(x, other.Width * scale);
            for (int column = 0; column < to.Length; column++)
                to[column] = from[column / scale] | 0xFF00_0000;
        }
    }

    /// <summary>A new opaque picture of one colour.</summary>
    internal static DecodedImage Create(int width, int height, uint colour)
    {
        DecodedImage created = DecodedImage.Rent(width, height);
        created.Pixels.Fill(colour | 0xFF00_0000);
        return created;
    }

    /// <summary>(below · (255 − share) + above · share) / 255 for each channel; opaque.</summary>
    internal static uint Blend(uint below, uint above, uint share)
    {
        uint blended = 0xFF00_0000;
        for (int shift = 0; shift < 24; shift += 8)
            blended |= (((((below >> shift) & 255) * (255 - share)) + (((above >> shift) & 255) * share) + 127) / 255) << shift;
        return blended;
    }
}
