using AlexNetTF.Kernels;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>Up to which sample each random op of a session has drawn. Runs that draw exclude each other; other threads may read.</summary>
internal sealed class RandomCounters
{
    private readonly Dictionary<string, ulong> samples = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ulong> Values
    {
        get
        {
            lock (samples) return new Dictionary<string, ulong>(samples, StringComparer.Ordinal);
        }

        set
        {
            lock (samples)
            {
                samples.Clear();
                foreach ((string name, ulong sample) in value) samples.Add(name, sample);
            }
        }
    }

    /// <summary>What an op's counter is fed.</summary>
    public TensorHandle Feed(RandomDraw draw)
    {
        lock (samples) return NativeTensors.OfUInt64s([samples.GetValueOrDefault(draw.Name), draw.Seed2]);
    }

    /// <summary>Moves an op on by what a run drew.</summary>
    public void Advance(RandomDraw draw, NDArray count)
    {
        lock (samples) samples[draw.Name] = samples.GetValueOrDefault(draw.Name) + ((ulong)count.GetAtIndex<long>(0) * RandomSeeds.SamplesPerOutput);
    }
}
