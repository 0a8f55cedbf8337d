using System.Buffers.Binary;

namespace AlexNetTF.Imaging;

/// <summary>
/// A BMP of 16 bits a pixel has 5 or 6 bits a channel. OpenCV shifts them up and leaves zeros below; the decoder repeats the
/// high bits there.
/// </summary>
internal static class BmpDepth
{
    private const int BitFields = 3;
    private const int SixBitGreen = 0x07E0;

    /// <summary>Clears the repeated bits of a 16-bit BMP; other depths stay as they are.</summary>
    internal static void DropReplicatedBits(ReadOnlySpan<byte> bmp, Span<uint> pixels)
    {
        // After the 14 bytes of the file header: size of this header, width, height, planes, bits, compression, five more
        // numbers, then the masks of red, green and blue.
        if (bmp.Length < 62 || BinaryPrimitives.ReadUInt16LittleEndian(bmp[28..]) != 16)
            return;
        bool sixBitGreen = BinaryPrimitives.ReadInt32LittleEndian(bmp[30..]) == BitFields
            && BinaryPrimitives.ReadInt32LittleEndian(bmp[58..]) == SixBitGreen;
        uint mask = sixBitGreen ? 0xFFF8_FCF8 : 0xFFF8_F8F8;
        foreach (ref uint pixel in pixels)
            pixel &= mask;
    }
}
