using System.Numerics;
using System.Runtime.InteropServices;

namespace AlexNetTF;

/// <summary>Looks for infinities and NaN: floats whose exponent bits are all set.</summary>
internal static class NonFinite
{
    private const uint Exponent = 0x7F800000;

    /// <summary>Looks through large memory with all cores.</summary>
    public static unsafe bool Any(float* values, long count)
    {
        const int Block = 1 << 18;
        bool found = false;
        Parallel.For(0L, (count + Block - 1) / Block, (i, state) =>
        {
            if (!Any(new ReadOnlySpan<float>(values + (i * Block), (int)Math.Min(Block, count - (i * Block)))))
            {
                return;
            }

            Volatile.Write(ref found, true);
            state.Stop();
        });
        return found;
    }

    public static bool Any(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        Vector<uint> mask = new(Exponent), found = Vector<uint>.Zero;
        int i = 0;
        for (; i <= bits.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            found |= Vector.Equals(new Vector<uint>(bits[i..]) & mask, mask);
        }

        bool any = found != Vector<uint>.Zero;
        for (; i < bits.Length; i++)
        {
            any |= (bits[i] & Exponent) == Exponent;
        }

        return any;
    }
}
