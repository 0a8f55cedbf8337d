using System.Diagnostics;
using AlexNetTF.Kernels;

namespace AlexNetTF.Benchmarks;

/// <summary>What one picture's call cannot do without: reading as many bytes as fully connected weights and prepared filters have, with all threads.</summary>
internal sealed unsafe class WeightReading : IDisposable
{
    private const int BlockFloats = 1 << 18;
    private readonly Block _memory;
    private readonly int _blocks;

    internal WeightReading()
    {
        long floats = Layers.Connected.Sum(layer => (long)layer.Inputs * layer.Outputs)
            + Layers.Convolutions.Sum(layer => new Convolution(layer.Shape with { Batch = 1 }).FilterBytes / sizeof(float));
        _blocks = (int)(floats / BlockFloats);
        _memory = new Block((long)_blocks * BlockFloats);
    }

    internal long Bytes => (long)_blocks * BlockFloats * sizeof(float);

    internal double Milliseconds()
    {
        long start = Stopwatch.GetTimestamp();
        MachinePeak.ReadOnce(_memory.Data, _blocks, BlockFloats);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose() => _memory.Dispose();
}
