using AlexNetTF.Kernels;
using BenchmarkDotNet.Attributes;

namespace AlexNetTF.Benchmarks;

/// <summary>AlexNet's layers, kernel by kernel.</summary>
public class KernelBenchmarks
{
    private KernelCase? _kernel;

    [Params(1, 32)]
    public int Batch { get; set; }

    [Params("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")]
    public string Layer { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int i = Array.FindIndex(Layers.Convolutions, c => c.Name == Layer);
        _kernel = i >= 0
            ? Layers.Forward(Layer, Layers.Convolutions[i].Shape, Batch, 0)
            : FullForward(Array.Find(Layers.Connected, c => c.Name == Layer));
    }

    private KernelCase FullForward((string Name, int Inputs, int Outputs) layer) =>
        Layers.FullForward(layer.Name, layer.Inputs, layer.Outputs, Batch, 0);

    [GlobalCleanup]
    public void Cleanup() => _kernel?.Dispose();

    [Benchmark]
    public void Forward() => _kernel!.Run();
}
