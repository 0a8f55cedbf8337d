using System.Text;

namespace AlexNetTF.Testing;

/// <summary>
/// Reproducible numbers from a name, as the reference data's page defines them: SplitMix64 from the 64-bit FNV-1a
/// hash of the name; element i depends on (name, i) only.
/// </summary>
public static class Recipe
{
    private const ulong Golden64 = 0x9E3779B97F4A7C15;
    private const int ParallelFrom = 1 << 20;

    /// <summary>64-bit FNV-1a of the bytes.</summary>
    public static ulong Fnv1a64(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte value in bytes)
            hash = unchecked((hash ^ value) * 0x100000001b3);
        return hash;
    }

    /// <summary>64-bit FNV-1a of the name's UTF-8 bytes.</summary>
    public static ulong Fnv1a64(string name) => Fnv1a64(Encoding.UTF8.GetBytes(name));

    /// <summary>float32(lo + (hi − lo)·u), computed in double and rounded once.</summary>
    public static float[] Fill(string name, long count, double lo, double hi)
    {
        var values = new float[count];
        Fill(values, name, lo, hi);
        return values;
    }

    /// <summary>As <see cref="Fill(string, long, double, double)"/>, for a shape.</summary>
    public static float[] Fill(string name, ReadOnlySpan<int> shape, double lo, double hi) => Fill(name, Count(shape), lo, hi);

    /// <summary>As <see cref="Fill(string, long, double, double)"/>, into an array of one's own.</summary>
    public static void Fill(float[] values, string name, double lo, double hi)
    {
        ulong hash = Fnv1a64(name);
        InBlocks(values.Length, (from, to) =>
        {
            for (int i = from; i < to; i++)
                values[i] = (float)(lo + ((hi - lo) * Uniform(hash, i)));
        });
    }

    /// <summary>int32(floor(u·n)).</summary>
    public static int[] FillInt(string name, long count, int n)
    {
        var values = new int[count];
        ulong hash = Fnv1a64(name);
        for (int i = 0; i < values.Length; i++)
            values[i] = (int)Math.Floor(Uniform(hash, i) * n);
        return values;
    }

    /// <summary>floor(256·u).</summary>
    public static byte[] Bytes(string name, long count)
    {
        var values = new byte[count];
        ulong hash = Fnv1a64(name);
        for (int i = 0; i < values.Length; i++)
            values[i] = (byte)(256 * Uniform(hash, i));
        return values;
    }

    /// <summary>The number of elements of a shape.</summary>
    public static long Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
            count *= size;
        return count;
    }

    /// <summary>u in [0, 1): the upper 24 bits of SplitMix64's output for state hash + (i+1)·2^64/φ.</summary>
    private static double Uniform(ulong hash, int i)
    {
        unchecked
        {
            ulong z = hash + (((ulong)i + 1) * Golden64);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (z >> 40) * (1.0 / (1 << 24));
        }
    }

    private static void InBlocks(int count, Action<int, int> block)
    {
        if (count < ParallelFrom)
        {
            block(0, count);
            return;
        }

        Parallel.For(0, (count + ParallelFrom - 1) / ParallelFrom, b =>
            block(b * ParallelFrom, (int)Math.Min(count, (b + 1L) * ParallelFrom)));
    }
}
