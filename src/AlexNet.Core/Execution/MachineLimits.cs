using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>What this machine can do at most, measured: the yardstick for every kernel.</summary>
/// <param name="GigaflopsPerSecond">Fused multiply-adds in float32, two operations each, all threads together.</param>
/// <param name="GigabytesPerSecond">Reading memory far larger than the caches.</param>
/// <param name="VectorBits">The vector width in use.</param>
/// <param name="IsFullWidth">Whether 512-bit vectors compute at least 1.5 times as fast as 256-bit ones.</param>
public sealed record MachineLimits(double GigaflopsPerSecond, double GigabytesPerSecond, int VectorBits, bool IsFullWidth)
{
    /// <summary>Processor architecture, cores and vector width in words.</summary>
    public static string MachineName =>
        $"{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores, {(int)Simd.Hardware}-bit vectors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}";

    /// <summary>Measures for about two seconds; nothing else should run meanwhile.</summary>
    /// <param name="threads">How many threads; 0 for all cores.</param>
    public static MachineLimits Measure(int threads = 0)
    {
        VectorWidth used = Simd.Width;
        double gflops = MachinePeak.Gflops(threads);
        bool full = false;
        if (Simd.Hardware == VectorWidth.V512)
        {
            // Both widths for the comparison; kernels are not running meanwhile, and their bits would not change.
            Simd.Width = VectorWidth.V256;
            double half = MachinePeak.Gflops(threads);
            Simd.Width = VectorWidth.V512;
            full = MachinePeak.Gflops(threads) >= 1.5 * half;
            Simd.Width = used;
        }

        return new MachineLimits(gflops, MachinePeak.Bandwidth(threads), (int)used, full);
    }
}
