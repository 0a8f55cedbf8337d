using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Weights;

/// <summary>
/// Characters 0 to 255 in UTF-8, each a byte: what Python 3 writes for bytes in protocols 1 and 2. Half of the bytes
/// of weights take two characters' bytes there, so whole vectors are decoded without a branch per byte.
/// </summary>
internal sealed class Utf8ToLatin1Stream(Stream stored) : DecodingStream(stored)
{
    private const int Half = 8;

    // For each set of kept bytes among eight: their places, one behind the other.
    private static readonly ulong[] Places = [.. Enumerable.Range(0, 256).Select(PlacesOf)];

    protected override int Decode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        int read = DecodeVectors(input, output, out written);
        while (read < input.Length && written < output.Length)
        {
            byte first = input[read];
            if (first < 0x80)
            {
                output[written++] = first;
                read++;
            }
            else if (first is 0xC2 or 0xC3 && read + 1 < input.Length && (input[read + 1] & 0xC0) == 0x80)
            {
                output[written++] = (byte)((first << 6) | (input[read + 1] & 0x3F));
                read += 2;
            }
            else if (first is 0xC2 or 0xC3 && read + 1 == input.Length && read > 0)
            {
                break;
            }
            else
            {
                throw Damaged("a character above 255, or no UTF-8, where characters stand for bytes");
            }
        }

        return read;
    }

    /// <summary>
    /// Sixteen bytes at a time: a first byte C2 or C3 and the one behind it, 10xxxxxx, make first · 64 + xxxxxx; the
    /// second bytes are then squeezed out. Stops before bytes that are not of this form, which the caller looks at.
    /// </summary>
    private static int DecodeVectors(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        int read = 0;
        written = 0;
        ref byte from = ref MemoryMarshal.GetReference(input);
        ref byte to = ref MemoryMarshal.GetReference(output);
        while (input.Length - read > Vector128<byte>.Count && output.Length - written >= Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref from, (nuint)read);
            Vector128<byte> behind = Vector128.LoadUnsafe(ref from, (nuint)read + 1);
            Vector128<byte> isFirst = Vector128.Equals(bytes & Vector128.Create((byte)0xFE), Vector128.Create((byte)0xC2));
            Vector128<byte> isSecond = IsSecond(bytes);
            uint second = isSecond.ExtractMostSignificantBits();
            bool wellFormed = isFirst == IsSecond(behind) && (second & 1) == 0
                && (bytes & ~isFirst & ~isSecond & Vector128.Create((byte)0x80)) == Vector128<byte>.Zero;
            if (!wellFormed)
            {
                break;
            }

            Vector128<byte> joined = (bytes << 6) | (behind & Vector128.Create((byte)0x3F));
            Vector128<byte> values = Vector128.ConditionalSelect(isFirst, joined, bytes);
            uint kept = ~second & 0xFFFF;
            written += Squeeze(values, kept & 0xFF, 0, ref Unsafe.Add(ref to, written));
            written += Squeeze(values, kept >> Half, Half, ref Unsafe.Add(ref to, written));
            read += Vector128<byte>.Count + (int)(isFirst.ExtractMostSignificantBits() >> 15);
        }

        return read;
    }

    private static Vector128<byte> IsSecond(Vector128<byte> bytes) =>
        Vector128.Equals(bytes & Vector128.Create((byte)0xC0), Vector128.Create((byte)0x80));

    /// <summary>Writes eight bytes, of which those kept come first, and says how many those are.</summary>
    private static int Squeeze(Vector128<byte> values, uint kept, byte offset, ref byte to)
    {
        Vector128<byte> places = Vector128.CreateScalar(Places[kept]).AsByte() + Vector128.Create(offset);
        Unsafe.WriteUnaligned(ref to, Vector128.ShuffleNative(values, places).AsUInt64().ToScalar());
        return BitOperations.PopCount(kept);
    }

    private static ulong PlacesOf(int kept)
    {
        ulong places = 0;
        int count = 0;
        for (int bit = 0; bit < Half; bit++)
        {
            if ((kept >> bit & 1) != 0)
            {
                places |= (ulong)bit << (Half * count++);
            }
        }

        return places;
    }
}
