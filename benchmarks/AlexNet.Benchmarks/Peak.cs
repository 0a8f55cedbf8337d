using System.Diagnostics;
using System.Runtime.CompilerServices;
using AlexNetTF.Kernels;

namespace AlexNetTF.Benchmarks;

/// <summary>What the machine can do at most: fused multiply-adds and reading of memory.</summary>
internal static unsafe class Peak
{
    private const int Terms = 100_000;

    /// <summary>GFLOP/s of fused multiply-adds in registers, all threads together.</summary>
    internal static double Gflops(int threads)
    {
        threads = Workers.Resolve(threads);
        int width = (int)Simd.Width / 32;
        double seconds = Timing.Best(0.3, () => Workers.ForSimd(threads, threads, default(Multiply)));
        return 2.0 * Multiply.Chains * width * Terms * threads / seconds / 1e9;
    }

    /// <summary>GB/s of reading an array far larger than the caches, all threads together.</summary>
    internal static double Bandwidth(int threads)
    {
        const long Length = 64L << 20;
        const int Blocks = 256;
        using var data = new Block(Length);
        double seconds = Timing.Best(0.5, () => Workers.ForSimd(threads, Blocks, new Read(data.Data, Length / Blocks)));
        return Length * sizeof(float) / seconds / 1e9;
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

/// <summary>Native memory filled with numbers between −1 and 1.</summary>
internal sealed unsafe class Block : IDisposable
{
    internal Block(long length)
    {
        Length = length;
        Data = (float*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)(length + 16) * sizeof(float), 1 << 12);
        uint state = 1;
        for (long i = 0; i < length; i++)
        {
            state = state * 1664525 + 1013904223;
            Data[i] = (int)state * (1f / int.MaxValue);
        }
    }

    internal float* Data { get; private set; }

    internal long Length { get; }

    public void Dispose()
    {
        System.Runtime.InteropServices.NativeMemory.AlignedFree(Data);
        Data = null;
    }
}

internal static class Timing
{
    /// <summary>Measure the processor time of the process instead of time itself: for one thread on a machine that is busy.</summary>
    internal static bool ProcessorTime { get; set; }

    private static TimeSpan Now => ProcessorTime ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    /// <summary>Shortest time of a call in seconds; calls for at least <paramref name="seconds"/>.</summary>
    internal static double Best(double seconds, Action action)
    {
        action();
        action();
        double best = double.MaxValue, total = 0;
        for (int i = 0; i < 3 || total < seconds; i++)
        {
            TimeSpan start = Now;
            action();
            double time = (Now - start).TotalSeconds;
            total += time;
            best = Math.Min(best, time);
        }
        return best;
    }
}
