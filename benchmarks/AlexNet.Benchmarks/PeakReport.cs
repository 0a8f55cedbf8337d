using AlexNetTF.Kernels;

namespace AlexNetTF.Benchmarks;

/// <summary>
/// <c>peak</c>: the machine's limits, then for AlexNet's layers the time of each kernel, its operations a second (those of the
/// definition, so Winograd's algorithm may exceed the peak) and its share of both limits, arithmetic and memory.
/// </summary>
internal sealed class PeakReport(int threads, double seconds, string only)
{
    private double _gflops;
    private double _bandwidth;

    internal void Print(int[] batches, bool gradients)
    {
        Console.WriteLine($"vector width {(int)Simd.Width}, threads {Workers.Resolve(threads)} of {Workers.Cores}");
        _gflops = MachinePeak.Gflops(threads);
        _bandwidth = MachinePeak.Bandwidth(threads);
        Console.WriteLine($"FMA peak {_gflops:f0} GFLOP/s, memory {_bandwidth:f0} GB/s");
        Console.WriteLine(Header("square matrices"));
        Lines(Squares());
        foreach (int batch in batches)
        {
            Console.WriteLine(Header("batch " + batch));
            Console.WriteLine($"{"sum",-28} {Lines(Forward(batch)) * 1e3,9:f3}");
            if (gradients)
            {
                Console.WriteLine($"{"sum of gradients",-28} {Lines(Gradients(batch)) * 1e3,9:f3}");
                Console.WriteLine(Header($"direct, batch {batch}"));
                Lines(Direct(batch));
            }
        }
    }

    private static string Header(string name) => $"\n{name,-28} {"ms",9} {"GFLOP/s",9} {"of peak",9} {"GB/s",9} {"of memory",9}";

    private IEnumerable<(string Name, Func<string, KernelCase> Create)> Squares()
    {
        foreach (int size in new[] { 128, 256, 512, 1000, 1024 })
        {
            yield return ("matrix " + size, n => Layers.Square(n, size, false, threads));
            yield return ("matrix " + size + " by transposed", n => Layers.Square(n, size, true, threads));
        }
    }

    private double Lines(IEnumerable<(string Name, Func<string, KernelCase> Create)> kernels) =>
        kernels.Where(k => k.Name.StartsWith(only, StringComparison.Ordinal)).Sum(k => Line(k.Create(k.Name)));

    private IEnumerable<(string Name, Func<string, KernelCase> Create)> Forward(int batch)
    {
        foreach ((string name, ConvShape shape) in Layers.Convolutions)
            yield return (name, n => Layers.Forward(n, shape, batch, threads));
        yield return ("norm1 + pool1", n => Layers.Norm(n, 55, 96, batch, threads));
        yield return ("norm2 + pool2", n => Layers.Norm(n, 27, 256, batch, threads));
        foreach ((string name, int inputs, int outputs) in Layers.Connected)
            yield return (name, n => Layers.FullForward(n, inputs, outputs, batch, threads));
    }

    private IEnumerable<(string Name, Func<string, KernelCase> Create)> Gradients(int batch)
    {
        foreach ((string name, ConvShape shape) in Layers.Convolutions)
        {
            if (shape.StrideX == 1)
                yield return (name + " input gradient", n => Layers.InputGradient(n, shape, batch, threads));
            yield return (name + " filter gradient", n => Layers.FilterGradient(n, shape, batch, threads));
        }
        foreach ((string name, int inputs, int outputs) in Layers.Connected)
        {
            yield return (name + " input gradient", n => Layers.FullInputGradient(n, inputs, outputs, batch, threads));
            yield return (name + " gradient and descent", n => Layers.FullDescent(n, inputs, outputs, batch, threads));
        }
    }

    // The same gradients by the definition, for comparison, and what each step does to filters besides.
    private IEnumerable<(string Name, Func<string, KernelCase> Create)> Direct(int batch)
    {
        foreach ((string name, ConvShape shape) in Layers.Convolutions)
        {
            if (shape.StrideX == 1)
                yield return (name + " input gradient", n => Layers.InputGradient(n, shape, batch, threads, winograd: false));
            yield return (name + " filter gradient", n => Layers.FilterGradient(n, shape, batch, threads, winograd: false));
            yield return (name + " filter prepared", n => Layers.Preparation(n, shape, threads));
        }
    }

    private double Line(KernelCase created)
    {
        using KernelCase kernel = created;
        double time = Timing.Best(seconds, kernel.Run), rate = kernel.Flops / time / 1e9, bytes = kernel.Bytes / time / 1e9;
        Console.WriteLine($"{kernel.Name,-28} {time * 1e3,9:f3} {rate,9:f0} {rate / _gflops,9:p0} {bytes,9:f1} {bytes / _bandwidth,9:p0}");
        return time;
    }
}
