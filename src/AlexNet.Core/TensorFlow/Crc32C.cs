using System.Numerics;
using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// CRC-32C, the checksum of TensorFlow's files: polynomial 0x82F63B78 (reflected), initial value and final XOR
/// 0xFFFFFFFF. The processor's instruction computes it where there is one.
/// </summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;

    public static uint Compute(ReadOnlySpan<byte> data) => Extend(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> is the checksum of, followed by <paramref name="data"/>.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> data)
    {
        uint state = ~crc;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words) state = BitOperations.Crc32C(state, word);
        foreach (byte last in data[(words.Length * sizeof(ulong))..]) state = BitOperations.Crc32C(state, last);
        return ~state;
    }

    /// <summary>
    /// The stored form. A checksum over bytes that hold their own checksum is weak, so TensorFlow stores
    /// ((c >> 15) | (c &lt;&lt; 17)) + 0xa282ead8.
    /// </summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;

    public static uint Unmask(uint masked) => BitOperations.RotateLeft(masked - MaskDelta, 15);
}
