using System.Runtime.InteropServices;
using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Native memory of a test; a few guard floats behind the end show writes out of bounds.</summary>
internal sealed unsafe class Floats : IDisposable
{
    private const int Guard = 16;
    private const float GuardValue = 12345.678f;

    internal Floats(long length)
    {
        Length = (int)length;
        Data = (float*)NativeMemory.AlignedAlloc((nuint)((length + Guard) * sizeof(float)), 64);
        new Span<float>(Data, Length).Fill(float.NaN);
        new Span<float>(Data + Length, Guard).Fill(GuardValue);
    }

    internal float* Data { get; private set; }

    internal int Length { get; }

    internal Span<float> Span => new(Data, Length);

    internal static Floats Random(long length, Random random, float scale = 1f)
    {
        var floats = new Floats(length);
        foreach (ref float x in floats.Span)
            x = (random.NextSingle() * 2f - 1f) * scale;
        return floats;
    }

    internal static Floats Of(ReadOnlySpan<float> values)
    {
        var floats = new Floats(values.Length);
        values.CopyTo(floats.Span);
        return floats;
    }

    internal float[] ToArray() => Span.ToArray();

    public void Dispose()
    {
        if (Data == null)
            return;
        var guard = new ReadOnlySpan<float>(Data + Length, Guard).ToArray();
        NativeMemory.AlignedFree(Data);
        Data = null;
        Assert.That(guard, Is.All.EqualTo(GuardValue), "the kernel wrote behind the end of its output");
    }
}

/// <summary>The ways in which every kernel must give the same bits, and comparisons.</summary>
internal static class Variants
{
    internal static readonly VectorWidth[] Widths = [VectorWidth.V512, VectorWidth.V256, VectorWidth.V128];
    internal static readonly int[] Threads = [1, 2, 3, 7];

    /// <summary>
    /// Runs the kernel in every vector width with one thread, and with every number of threads in one width chosen by
    /// <paramref name="choice"/>; all results must be bit-identical. Returns the result.
    /// </summary>
    internal static float[] SameBits(int choice, Func<int, float[]> run, string what)
    {
        float[]? first = null;
        foreach (VectorWidth width in Widths)
        {
            bool allThreads = width == Widths[choice % Widths.Length];
            foreach (int threads in allThreads ? Threads : [1])
            {
                float[] y = With(width, () => run(threads));
                first ??= y;
                AssertSameBits(y, first, $"{what}, {width}, {threads} threads");
            }
        }
        return first!;
    }

    internal static T With<T>(VectorWidth width, Func<T> run)
    {
        VectorWidth before = Simd.Width;
        Simd.Width = width;
        try
        {
            return run();
        }
        finally
        {
            Simd.Width = before;
        }
    }

    internal static void AssertSameBits(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), what);
        if (MemoryMarshal.AsBytes(actual).SequenceEqual(MemoryMarshal.AsBytes(expected)))
            return;
        for (int i = 0; i < actual.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected[i]))
                Assert.Fail($"{what}: element {i} of {actual.Length} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    /// <summary>Every element within <paramref name="tolerance"/> of the largest expected magnitude.</summary>
    internal static void AssertClose(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double tolerance, string what)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), what);
        double largest = 0;
        foreach (double x in expected)
            largest = Math.Max(largest, Math.Abs(x));
        for (int i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance * largest))
                Assert.Fail($"{what}: element {i} of {actual.Length} is {actual[i]:R}, expected {expected[i]:R} (largest {largest})");
        }
    }
}
