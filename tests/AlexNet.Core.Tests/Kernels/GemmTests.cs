using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class GemmTests
{
    private static readonly (int M, int N, int K)[] s_sizes =
    [
        (1, 1, 1), (1, 70, 33), (2, 33, 300), (3, 5, 0), (5, 129, 64), (7, 64, 8), (11, 40, 21), (12, 32, 16), (13, 31, 257),
        (24, 96, 48), (25, 17, 9), (33, 100, 600), (64, 1, 100), (97, 40, 70), (100, 65, 31), (193, 33, 20), (200, 130, 10), (400, 34, 3),
        (130, 550, 256), (181, 64, 1), (150, 70, 255),
    ];

    private static float[] Run(GemmShape s, float* a, float* b, float[] start, GemmEpilogue e, int threads)
    {
        using var c = Floats.Of(start);
        Gemm.Run(s, a, b, c.Data, e, threads);
        return c.ToArray();
    }

    [Test]
    public void AnySizeIsBlocksOfFusedMultiplyAdds(
        [Values] bool transposeA, [Values] bool transposeB, [Values(0, 1, 2)] int part)
    {
        var random = new Random(7 + part);
        for (int i = part; i < s_sizes.Length; i += 3)
        {
            (int m, int n, int k) = s_sizes[i];
            int lda = (transposeA ? m : k) + random.Next(3), ldb = (transposeB ? k : n) + random.Next(3), ldc = n + random.Next(3);
            var s = new GemmShape(m, n, k, transposeA, transposeB, Math.Max(1, lda), Math.Max(1, ldb), ldc);
            using var a = Floats.Random((long)Math.Max(1, lda) * (transposeA ? k : m), random);
            using var b = Floats.Random((long)Math.Max(1, ldb) * (transposeB ? n : k), random);
            float[] start = Enumerable.Repeat(-7f, m * ldc).ToArray();
            float[] expected = (float[])start.Clone();
            float[] blocks = NaiveGemm.Blocks(s, a.Data, b.Data);
            for (int r = 0; r < m; r++)
                Array.Copy(blocks, r * n, expected, r * ldc, n);
            string what = $"{m} x {n} x {k}, {(transposeA ? 't' : 'n')}{(transposeB ? 't' : 'n')}";
            float[] y = Variants.SameBits(i, threads => Run(s, a.Data, b.Data, start, default, threads), what);
            if (Simd.HasFma)
                Variants.AssertSameBits(y, expected, what + ", naive blocks");
            Variants.AssertClose(blocks, NaiveGemm.InDouble(s, a.Data, b.Data), 1e-6, what);
        }
    }

    [Test]
    public void RowsDoNotDependOnTheirNeighbours([Values] bool transposeB)
    {
        const int N = 100, K = 300, Most = 130;
        var random = new Random(3);
        using var a = Floats.Random(Most * K, random);
        using var b = Floats.Random(N * K, random);
        float[] all = Run(new GemmShape(Most, N, K, false, transposeB), a.Data, b.Data, new float[Most * N], default, 2);
        foreach (int m in new[] { 1, 2, 3, 5, 11, 12, 13, 32, 64, 96, 97 })
        {
            float[] y = Run(new GemmShape(m, N, K, false, transposeB), a.Data, b.Data, new float[m * N], default, 2);
            Variants.AssertSameBits(y, all.AsSpan(0, m * N), $"{m} rows");
        }
    }

    [Test]
    public void EpiloguesRoundAsSeparateSteps([Values(1, 14, 120, 185)] int m, [Values] bool transposeB, [Values(0, 1, 2, 3, 4)] int kind)
    {
        const int N = 45;
        // Few terms for many rows: a kernel of its own.
        int k = m == 185 ? 30 : 530;
        var random = new Random(5);
        using var a = Floats.Random(m * k, random);
        using var b = Floats.Random(N * k, random);
        using var bias = Floats.Random(N, random);
        using var old = Floats.Random(m * N, random);
        var s = new GemmShape(m, N, k, false, transposeB);
        float* pb = bias.Data;
        GemmEpilogue e = kind switch
        {
            0 => new GemmEpilogue { Bias = pb },
            1 => new GemmEpilogue { Bias = pb, Relu = true },
            2 => new GemmEpilogue { Relu = true },
            3 => new GemmEpilogue { Accumulate = true },
            _ => new GemmEpilogue { Descend = true, Rate = 0.37f },
        };
        float[] start = old.ToArray(), plain = Run(s, a.Data, b.Data, start, default, 1), expected = new float[m * N];
        for (int i = 0; i < m * N; i++)
        {
            float sum = plain[i], biased = sum + pb[i % N];
            expected[i] = kind switch
            {
                0 => biased,
                1 => Math.Max(0f, biased),
                2 => Math.Max(0f, sum),
                3 => start[i] + sum,
                _ => start[i] - 0.37f * sum,
            };
        }
        float[] y = Variants.SameBits(m, threads => Run(s, a.Data, b.Data, start, e, threads), $"epilogue {kind}");
        Assert.That(y, Is.EqualTo(expected));
    }

    [Test]
    public void NonFiniteValuesSpreadAsInTheDefinition([Values(1, 20)] int m)
    {
        using var a = Floats.Of(Enumerable.Repeat(1f, m * 9).ToArray());
        using var b = Floats.Of(Enumerable.Repeat(0.5f, 9 * 40).ToArray());
        b.Data[3 * 40 + 7] = float.NaN;
        b.Data[4 * 40 + 8] = float.PositiveInfinity;
        float[] y = Run(new GemmShape(m, 40, 9), a.Data, b.Data, new float[m * 40], new GemmEpilogue { Relu = true }, 1);
        for (int i = 0; i < y.Length; i++)
            Assert.That(y[i], Is.EqualTo(i % 40 == 7 ? float.NaN : i % 40 == 8 ? float.PositiveInfinity : 4.5f));
    }

    [Test]
    public void NothingIsAllocated()
    {
        using var a = Floats.Random(41 * 40, new Random(1));
        using var c = new Floats(41 * 40);
        long before = 0;
        for (int round = 0; round < 4; round++)
        {
            if (round == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            for (int m = 1; m <= 41; m += 20)
            {
                Gemm.Run(new GemmShape(m, 40, 40), a.Data, a.Data, c.Data);
                Gemm.Run(new GemmShape(m, 40, 40, false, true), a.Data, a.Data, c.Data);
            }
            Gemm.Run(new GemmShape(160, 10, 10), a.Data, a.Data, c.Data);
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
