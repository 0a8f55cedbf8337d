using System.Buffers.Binary;

namespace AlexNetTF.Imaging;

/// <summary>
/// The orientation that a camera stores beside the pixels (EXIF tag 0x0112). 1 is upright; 2 mirrored; 3 turned by 180°;
/// 4 upside down mirrored; 5 transposed; 6 to be turned by 90° clockwise; 7 transposed along the other diagonal; 8 to be
/// turned by 90° counter-clockwise. Any other value counts as 1, as in OpenCV.
/// </summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>The orientation in a PNG's eXIf chunk, 1 where there is none; the decoder does not read that chunk.</summary>
    internal static int OfPng(ReadOnlySpan<byte> png)
    {
        // Chunk: length (big-endian), four letters, data, checksum; the first follows the eight bytes of the signature.
        int at = 8;
        while (png.Length - at >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - 12)
                return 1;
            if (png.Slice(at + 4, 4).SequenceEqual("eXIf"u8))
                return OfTiff(png.Slice(at + 8, (int)length));
            at += 12 + (int)length;
        }

        return 1;
    }

    /// <summary>The orientation in EXIF data (a TIFF header and its first directory), 1 where there is no valid one.</summary>
    internal static int OfTiff(ReadOnlySpan<byte> tiff)
    {
        bool big = tiff is [(byte)'M', (byte)'M', 0, 42, ..];
        if (tiff.Length < 14 || (!big && tiff is not [(byte)'I', (byte)'I', 42, 0, ..]))
            return 1;
        uint directory = big ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Short(tiff[(int)directory..], big);
        for (int i = 0; i < count && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (Short(entries, big) == OrientationTag && Short(entries[2..], big) == ShortType)
                return Short(entries[8..], big) is >= 1 and <= 8 and ushort value ? value : 1;
        }

        return 1;
    }

    /// <summary>The picture as it is meant to be seen. Disposes <paramref name="image"/> where a new one is made.</summary>
    internal static DecodedImage Apply(DecodedImage image, int orientation)
    {
        if (orientation <= 1)
            return image;
        using (image)
        {
            bool transposed = orientation >= 5;
            (int width, int height) = transposed ? (image.Height, image.Width) : (image.Width, image.Height);
            DecodedImage upright = DecodedImage.Rent(width, height, image.HasAlpha, image.Warning);
            // Which way the source's columns and rows run, seen from the upright picture.
            bool mirrorX = orientation is 2 or 3 or 7 or 8;
            bool mirrorY = orientation is 3 or 4 or 6 or 7;
            ReadOnlySpan<uint> from = image.Pixels;
            for (int y = 0; y < height; y++)
            {
                Span<uint> row = upright.Row(y);
                for (int x = 0; x < width; x++)
                {
                    (int sourceX, int sourceY) = transposed ? (y, x) : (x, y);
                    sourceX = mirrorX ? image.Width - 1 - sourceX : sourceX;
                    sourceY = mirrorY ? image.Height - 1 - sourceY : sourceY;
                    row[x] = from[(sourceY * image.Width) + sourceX];
                }
            }

            return upright;
        }
    }

    private static ushort Short(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
}
