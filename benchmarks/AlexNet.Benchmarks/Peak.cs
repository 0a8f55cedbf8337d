using System.Diagnostics;

namespace AlexNetTF.Benchmarks;

/// <summary>Native memory filled with numbers between −1 and 1.</summary>
internal sealed unsafe class Block : IDisposable
{
    private readonly AlignedMemory _memory;

    internal Block(long length)
    {
        Length = length;
        _memory = new AlignedMemory((length + 16) * sizeof(float));
        Data = (float*)_memory.Pointer;
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
        _memory.Dispose();
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
