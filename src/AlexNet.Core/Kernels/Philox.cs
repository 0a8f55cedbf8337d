using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The Philox4x32-10 generator as TensorFlow seeds it: the key is the graph seed, the upper half of the 128-bit counter the op
/// seed, its lower half the index of the sample. A sample has four words; any sample can be had directly.
/// </summary>
internal readonly struct Philox(long seed, long seed2)
{
    private readonly uint _key0 = (uint)seed;
    private readonly uint _key1 = (uint)(seed >> 32);
    private readonly uint _counter2 = (uint)seed2;
    private readonly uint _counter3 = (uint)(seed2 >> 32);

    /// <summary>The four words of a sample.</summary>
    internal PhiloxSample this[ulong index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = _counter2, c3 = _counter3, k0 = _key0, k1 = _key1;
            for (int round = 0; round < 10; round++)
            {
                ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
                (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
            return new PhiloxSample(c0, c1, c2, c3);
        }
    }
}

/// <summary>Four random words.</summary>
internal readonly record struct PhiloxSample(uint Word0, uint Word1, uint Word2, uint Word3)
{
    /// <summary>In [0, 1), from the low 23 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float ToFloat(uint word) => BitConverter.UInt32BitsToSingle(0x3F800000 | (word & 0x7FFFFF)) - 1f;

    /// <summary>In [0, 1); <paramref name="high"/> gives the upper 20 bits of the mantissa, <paramref name="low"/> the other 32.</summary>
    internal static double ToDouble(uint high, uint low) =>
        BitConverter.UInt64BitsToDouble(0x3FF0000000000000 | (ulong)(high & 0xFFFFF) << 32 | low) - 1.0;

    /// <summary>Two normal numbers by Box and Muller: √(−2 ln u)·(sin 2πv, cos 2πv).</summary>
    internal static (float Sin, float Cos) ToNormal(uint word0, uint word1)
    {
        float u = Math.Max(ToFloat(word0), 1e-7f), angle = (float)(2.0 * Math.PI * ToFloat(word1));
        // Each function rounded once, as the C library's float functions do.
        float radius = MathF.Sqrt(-2f * (float)Math.Log(u));
        (double sin, double cos) = Math.SinCos(angle);
        return ((float)sin * radius, (float)cos * radius);
    }

    /// <summary>As <see cref="ToNormal(uint, uint)"/>, in double.</summary>
    internal (double Sin, double Cos) ToNormal()
    {
        double u = Math.Max(ToDouble(Word0, Word1), 1e-7), angle = 2.0 * Math.PI * ToDouble(Word2, Word3);
        double radius = Math.Sqrt(-2.0 * Math.Log(u));
        (double sin, double cos) = Math.SinCos(angle);
        return (sin * radius, cos * radius);
    }
}
