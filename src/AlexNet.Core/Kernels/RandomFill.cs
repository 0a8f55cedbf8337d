using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Arrays of random numbers, equal to those of TensorFlow's CPU kernels for the same seeds and the same first sample:
/// <c>RandomFill.Uniform(new Philox(seed, seed2), sample, y, count, threads)</c> and so on. An op that runs repeatedly starts
/// each run at sample = 256 · outputs of the runs before. Any number of threads gives the same
/// numbers: every output knows its sample.
/// </summary>
internal static unsafe class RandomFill
{
    // Outputs a block; a multiple of the outputs of one sample.
    private const int BlockLength = 8192;

    // Samples between the starts of two groups of truncated normal numbers: 64 for each number of the group.
    private const int SamplesPerGroup = 256, SamplesPerPair = 128;

    /// <summary>Floats in [0, 1).</summary>
    internal static void Uniform(in Philox random, ulong sample, float* y, long count, int threads) =>
        For(random, sample, y, count, threads, &Uniform);

    /// <summary>Doubles in [0, 1).</summary>
    internal static void Uniform(in Philox random, ulong sample, double* y, long count, int threads) =>
        For(random, sample, y, count, threads, &Uniform);

    /// <summary>The words themselves, for random_shuffle.</summary>
    internal static void Words(in Philox random, ulong sample, uint* y, long count, int threads) =>
        For(random, sample, y, count, threads, &Words);

    /// <summary>Integers low + word mod (high − low).</summary>
    internal static void UniformInt(in Philox random, ulong sample, int low, int high, int* y, long count, int threads)
    {
        Words(random, sample, (uint*)y, count, threads);
        uint range = (uint)high - (uint)low;
        for (long i = 0; i < count; i++)
            y[i] = (int)((uint)low + (uint)y[i] % range);
    }

    /// <summary>Integers low + (two words) mod (high − low).</summary>
    internal static void UniformInt(in Philox random, ulong sample, long low, long high, long* y, long count, int threads)
    {
        // Two words make one number, the first the lower half.
        Words(random, sample, (uint*)y, 2 * count, threads);
        ulong range = (ulong)high - (ulong)low;
        for (long i = 0; i < count; i++)
        {
            ulong bits = ((uint*)y)[2 * i] | (ulong)((uint*)y)[2 * i + 1] << 32;
            y[i] = (long)((ulong)low + bits % range);
        }
    }

    /// <summary>Normal floats, mean 0, deviation 1.</summary>
    internal static void Normal(in Philox random, ulong sample, float* y, long count, int threads) =>
        For(random, sample, y, count, threads, &Normal);

    /// <summary>Normal doubles, mean 0, deviation 1.</summary>
    internal static void Normal(in Philox random, ulong sample, double* y, long count, int threads) =>
        For(random, sample, y, count, threads, &Normal);

    /// <summary>Normal floats of magnitude below 2.</summary>
    internal static void TruncatedNormal(in Philox random, ulong sample, float* y, long count, int threads) =>
        For(random, sample, y, count, threads, &TruncatedNormal);

    /// <summary>Normal doubles of magnitude below 2.</summary>
    internal static void TruncatedNormal(in Philox random, ulong sample, double* y, long count, int threads) =>
        For(random, sample, y, count, threads, &TruncatedNormal);

    private static void For<T>(
        in Philox random, ulong sample, T* y, long count, int threads, delegate*<in Philox, ulong, long, T*, int, void> fill)
        where T : unmanaged =>
        Workers.For(threads, checked((int)((count + BlockLength - 1) / BlockLength)), new Block<T>(random, sample, y, count, fill));

    private struct Block<T>(
        in Philox random, ulong sample, T* y, long count, delegate*<in Philox, ulong, long, T*, int, void> fill) : IBlock
        where T : unmanaged
    {
        private readonly Philox _random = random;
        private readonly ulong _sample = sample;
        private readonly T* _y = y;
        private readonly long _count = count;
        private readonly delegate*<in Philox, ulong, long, T*, int, void> _fill = fill;

        public readonly void Run(int block)
        {
            long first = (long)block * BlockLength;
            _fill(_random, _sample, first, _y + first, (int)Math.Min(BlockLength, _count - first));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Words(in Philox random, ulong sample, long first, uint* y, int count)
    {
        ulong at = sample + (ulong)(first / 4);
        int i = 0;
        for (; i + 4 <= count; i += 4)
            (y[i], y[i + 1], y[i + 2], y[i + 3]) = random[at++];
        if (i == count)
            return;
        uint* rest = stackalloc uint[4];
        (rest[0], rest[1], rest[2], rest[3]) = random[at];
        new Span<uint>(rest, count - i).CopyTo(new Span<uint>(y + i, count - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Uniform(in Philox random, ulong sample, long first, float* y, int count)
    {
        Words(random, sample, first, (uint*)y, count);
        for (int i = 0; i < count; i++)
            y[i] = PhiloxSample.ToFloat(((uint*)y)[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Uniform(in Philox random, ulong sample, long first, double* y, int count)
    {
        ulong at = sample + (ulong)(first / 2);
        for (int i = 0; i < count; i += 2)
        {
            PhiloxSample s = random[at++];
            y[i] = PhiloxSample.ToDouble(s.Word0, s.Word1);
            if (i + 1 < count)
                y[i + 1] = PhiloxSample.ToDouble(s.Word2, s.Word3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normal(in Philox random, ulong sample, long first, float* y, int count)
    {
        ulong at = sample + (ulong)(first / 4);
        float* four = stackalloc float[4];
        for (int i = 0; i < count; i += 4)
        {
            PhiloxSample s = random[at++];
            (four[0], four[1]) = PhiloxSample.ToNormal(s.Word0, s.Word1);
            (four[2], four[3]) = PhiloxSample.ToNormal(s.Word2, s.Word3);
            for (int j = 0; j < Math.Min(4, count - i); j++)
                y[i + j] = four[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normal(in Philox random, ulong sample, long first, double* y, int count)
    {
        ulong at = sample + (ulong)(first / 2);
        for (int i = 0; i < count; i += 2)
        {
            (y[i], double second) = random[at++].ToNormal();
            if (i + 1 < count)
                y[i + 1] = second;
        }
    }

    // Four outputs share a start; its samples' words are used two by two until four numbers are small enough.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TruncatedNormal(in Philox random, ulong sample, long first, float* y, int count)
    {
        for (int i = 0; i < count; i += 4)
        {
            ulong at = sample + SamplesPerGroup * (ulong)((first + i) / 4);
            int wanted = Math.Min(4, count - i);
            for (int kept = 0; kept < wanted;)
            {
                PhiloxSample s = random[at++];
                Keep(PhiloxSample.ToNormal(s.Word0, s.Word1), y + i, ref kept, wanted);
                Keep(PhiloxSample.ToNormal(s.Word2, s.Word3), y + i, ref kept, wanted);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TruncatedNormal(in Philox random, ulong sample, long first, double* y, int count)
    {
        for (int i = 0; i < count; i += 2)
        {
            ulong at = sample + SamplesPerPair * (ulong)((first + i) / 2);
            int wanted = Math.Min(2, count - i);
            for (int kept = 0; kept < wanted;)
            {
                (double sin, double cos) = random[at++].ToNormal();
                if (Math.Abs(sin) < 2.0 && kept < wanted)
                    y[i + kept++] = sin;
                if (Math.Abs(cos) < 2.0 && kept < wanted)
                    y[i + kept++] = cos;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep((float Sin, float Cos) pair, float* y, ref int kept, int wanted)
    {
        if (Math.Abs(pair.Sin) < 2f && kept < wanted)
            y[kept++] = pair.Sin;
        if (Math.Abs(pair.Cos) < 2f && kept < wanted)
            y[kept++] = pair.Cos;
    }
}
