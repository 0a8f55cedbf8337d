using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Boxes of bytes against a loop over every element.</summary>
public sealed unsafe class StridedCopyTests
{
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void SmallBoxes(int seed)
    {
        var random = new Random(seed);
        int rank = random.Next(6);
        Check(random, [.. Enumerable.Range(0, rank).Select(_ => random.Next(8) == 0 ? 0 : random.Next(1, 7))], 1 << random.Next(4));
    }

    [Test]
    public void LargeBoxes([Range(0, 59)] int seed)
    {
        var random = new Random(seed);
        int[] dims = (seed % 6) switch
        {
            0 => [random.Next(400_000, 900_000)],
            1 => [random.Next(1, 4), random.Next(200_000, 400_000)],
            2 => [random.Next(200_000, 400_000), random.Next(1, 4)],
            3 => [random.Next(300, 700), random.Next(300, 700)],
            4 => [random.Next(2, 4), random.Next(50, 90), random.Next(50, 90), random.Next(20, 60)],
            _ => [random.Next(2, 40), random.Next(2, 40), random.Next(2, 40), random.Next(2, 12), random.Next(1, 3)],
        };
        Check(random, dims, 1 << random.Next(4));
    }

    [Test]
    public void TransposedMatrixOfEveryElementSize([Values(1, 2, 4, 8)] int size, [Values(1, 3, 31, 32, 33, 100)] int rows, [Values(1, 16, 32, 65)] int columns)
    {
        Compare(size, [columns, rows], [1, columns], [rows, 1], rows * columns, rows * columns, 0, 0, 2);
    }

    // Dimensions laid out in two random orders, with gaps, some backwards and some repeated.
    private static void Check(Random random, int[] dims, int size)
    {
        (long[] source, long sourceLength, long sourceStart) = Layout(random, dims, mayRepeat: true);
        (long[] target, long targetLength, long targetStart) = Layout(random, dims, mayRepeat: false);
        foreach (int threads in new[] { 1, 3 }) Compare(size, dims, source, target, sourceLength, targetLength, sourceStart, targetStart, threads);
    }

    private static (long[] Strides, long Length, long Start) Layout(Random random, int[] dims, bool mayRepeat)
    {
        int[] order = [.. Enumerable.Range(0, dims.Length).Reverse()];
        if (random.Next(2) == 0) random.Shuffle(order);
        var strides = new long[dims.Length];
        long step = 1, start = 0;
        foreach (int d in order)
        {
            if (mayRepeat && random.Next(5) == 0) continue;
            if (random.Next(4) == 0) step += random.Next(3);
            strides[d] = step;
            step *= Math.Max(1, dims[d]);
            if (random.Next(5) == 0)
            {
                start += Math.Max(0, dims[d] - 1) * strides[d];
                strides[d] = -strides[d];
            }
        }

        return (strides, step, start);
    }

    private static void Compare(int size, int[] dims, long[] source, long[] target, long sourceLength, long targetLength, long sourceStart, long targetStart, int threads)
    {
        var from = new byte[sourceLength * size];
        new Random(7).NextBytes(from);
        byte[] expected = new byte[targetLength * size], actual = new byte[targetLength * size];
        Naive(size, dims, source, target, from, expected, sourceStart, targetStart, 0);

        var copy = new StridedCopy(size, dims, source, target);
        fixed (byte* f = from, t = actual) copy.Run(f + (sourceStart * size), t + (targetStart * size), threads);

        Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"dims [{string.Join(",", dims)}], source [{string.Join(",", source)}], target [{string.Join(",", target)}], {size} bytes, {threads} threads");
    }

    private static void Naive(int size, int[] dims, long[] source, long[] target, byte[] from, byte[] to, long s, long t, int d)
    {
        if (d == dims.Length)
        {
            Array.Copy(from, s * size, to, t * size, size);
            return;
        }

        for (int i = 0; i < dims[d]; i++) Naive(size, dims, source, target, from, to, s + (i * source[d]), t + (i * target[d]), d + 1);
    }
}
