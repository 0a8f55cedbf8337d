using BenchmarkDotNet.Attributes;

namespace AlexNetTF.Benchmarks;

/// <summary>The whole network beside ONNX Runtime on a plainly exported model, in one run.</summary>
public class NetworkBenchmarks
{
    private Peers? peers;

    [Params(1, 32, 128)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        peers = new Peers(threads: 0);
        peers.SetBatch(Batch);
    }

    [GlobalCleanup]
    public void Cleanup() => peers?.Dispose();

    [Benchmark(Baseline = true)]
    public float[] OnnxRuntime() => peers!.OnnxRuntime();

    [Benchmark]
    public float[] AlexNetTF() => peers!.Ours();
}
