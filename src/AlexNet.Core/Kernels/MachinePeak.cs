using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>What the machine can do at most: fused multiply-adds in registers, and reading of memory far larger than the caches.</summary>
internal static unsafe class MachinePeak
{
    private const int Terms = 100_000;
    private const long ReadBytes = 1L << 28;
    private const int ReadBlocks = 256;

    /// <summary>Fused multiply-adds in GFLOP/s (two a piece), all threads together.</summary>
    internal static double Gflops(int threads)
    {
        threads = Workers.Resolve(threads);
        double seconds = Best(0.3, () => Workers.ForSimd(threads, threads, default(Multiply)));
        return 2.0 * Multiply.Chains * ((int)Simd.Width / 32) * Terms * threads / seconds / 1e9;
    }

    /// <summary>Reading in GB/s, all threads together.</summary>
    internal static double Bandwidth(int threads)
    {
        using var memory = new AlignedMemory(ReadBytes, zeroed: true);
        float* data = (float*)memory.Pointer;
        long length = ReadBytes / sizeof(float);
        double seconds = Best(0.5, () => ReadOnce(data, ReadBlocks, length / ReadBlocks, threads));
        return ReadBytes / seconds / 1e9;
    }

    /// <summary>Reads blocks of memory with all threads.</summary>
    internal static void ReadOnce(float* data, int blocks, long length, int threads = 0) => Workers.ForSimd(threads, blocks, new Read(data, length));

    // The shortest of the runs that fit into the time: what the machine can do when nobody disturbs it.
    private static double Best(double seconds, Action run)
    {
        run();
        double best = double.MaxValue;
        long start = Stopwatch.GetTimestamp();
        do
        {
            long before = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return best;
    }

    private struct Multiply : ISimdBlock
    {
        internal const int Chains = 16;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            V a = V.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a, m = a, n = a, o = a, p = a;
            V x = V.Broadcast(0.5f), y = V.Broadcast(block + 1f);
            for (int t = 0; t < Terms; t++)
            {
                a = V.Fma(a, x, y);
                b = V.Fma(b, x, y);
                c = V.Fma(c, x, y);
                d = V.Fma(d, x, y);
                e = V.Fma(e, x, y);
                f = V.Fma(f, x, y);
                g = V.Fma(g, x, y);
                h = V.Fma(h, x, y);
                i = V.Fma(i, x, y);
                j = V.Fma(j, x, y);
                k = V.Fma(k, x, y);
                l = V.Fma(l, x, y);
                m = V.Fma(m, x, y);
                n = V.Fma(n, x, y);
                o = V.Fma(o, x, y);
                p = V.Fma(p, x, y);
            }
            V sum = V.Add(V.Add(V.Add(V.Add(a, b), V.Add(c, d)), V.Add(V.Add(e, f), V.Add(g, h))),
                V.Add(V.Add(V.Add(i, j), V.Add(k, l)), V.Add(V.Add(m, n), V.Add(o, p))));
            if (V.AnyNonFinite(sum))
                throw new InvalidOperationException("The sums are not finite.");
        }
    }

    private struct Read(float* data, long length) : ISimdBlock
    {
        private readonly float* _data = data;
        private readonly long _length = length;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            V a = V.Zero, b = a, c = a, d = a;
            float* p = _data + block * _length;
            for (long i = 0; i < _length; i += 4 * V.Width)
            {
                a = V.Add(a, V.Load(p + i));
                b = V.Add(b, V.Load(p + i + V.Width));
                c = V.Add(c, V.Load(p + i + 2 * V.Width));
                d = V.Add(d, V.Load(p + i + 3 * V.Width));
            }
            if (V.AnyNonFinite(V.Add(V.Add(a, b), V.Add(c, d))))
                throw new InvalidOperationException("The sums are not finite.");
        }
    }
}
