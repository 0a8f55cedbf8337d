using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Matrices of bytes against their definition, and products with them against the floats that the bytes stand for.</summary>
public sealed unsafe class EightBitMatrixTests
{
    private static readonly (int M, int N, int K)[] s_sizes =
        [(1, 1, 1), (1, 33, 7), (1, 130, 513), (3, 64, 256), (11, 100, 300), (12, 31, 40), (13, 96, 257), (40, 250, 700), (5, 32, 0), (200, 70, 90)];

    [TestCase(1, 1), TestCase(7, 64), TestCase(300, 65), TestCase(33, 200)]
    public void NumbersAreTheNearestMultiplesOfTheScale(int rows, int columns)
    {
        using var w = Floats.Random((long)rows * columns, new Random(rows), 3);
        (float[] scales, sbyte[] q) = Quantize(w, rows, columns, threads: 3);
        for (int j = 0; j < columns; j++)
        {
            float largest = Enumerable.Range(0, rows).Max(k => MathF.Abs(w.Data[k * columns + j]));
            Assert.That(scales[j], Is.EqualTo(largest / 127));
            for (int k = 0; k < rows; k++)
            {
                double exact = w.Data[k * columns + j] / (double)scales[j];
                Assert.That(Math.Abs(q[k * columns + j] - exact), Is.LessThanOrEqualTo(0.5 + 1e-4), $"row {k}, column {j}");
            }
        }
    }

    [Test]
    public void ColumnsOfZerosAndOfNoNumbersKeepThem()
    {
        using Floats w = Floats.Of([0, 1, 2, 3, 0, float.NaN, float.PositiveInfinity, -4, 0, 5, 6, -8]);
        (float[] scales, sbyte[] q) = Quantize(w, 3, 4, threads: 1);
        Assert.Multiple(() =>
        {
            Assert.That(scales, Is.EqualTo(new[] { 0, float.NaN, float.NaN, 8f / 127 }));
            Assert.That(q, Is.EqualTo(new sbyte[] { 0, 0, 0, 48, 0, 0, 0, -64, 0, 0, 0, -127 }));
        });
    }

    [Test]
    public void ProductIsThatOfTheBytesTimesTheScale([Range(0, 9)] int size, [Values] bool relu)
    {
        (int m, int n, int k) = s_sizes[size];
        var random = new Random(size);
        using Floats x = Floats.Random((long)m * k, random), w = Floats.Random((long)k * n, random), bias = Floats.Random(n, random);
        var shape = new GemmShape(m, n, k);
        (float[] scales, sbyte[] q) = Quantize(w, k, n, threads: 1);
        using Floats numbers = Floats.Of([.. q.Select(number => (float)number)]), scale = Floats.Of(scales);
        float[] expected = NaiveGemm.Blocks(shape, x.Data, numbers.Data);
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = (expected[i] * scales[i % n]) + bias.Data[i % n];
            if (relu) expected[i] = Math.Max(0f, expected[i]);
        }

        float[] y = Variants.SameBits(size, threads =>
        {
            using var c = new Floats(m * n);
            fixed (sbyte* b = q)
            {
                // An array's place may be null for no numbers at all.
                sbyte none = 0;
                Gemm.Run(shape, x.Data, b == null ? &none : b, c.Data, new GemmEpilogue { Scale = scale.Data, Bias = bias.Data, Relu = relu }, threads);
            }

            return c.ToArray();
        }, $"{m} x {n} x {k}");

        if (Simd.HasFma) Variants.AssertSameBits(y, expected, $"{m} x {n} x {k}");
        else Variants.AssertClose(y, Array.ConvertAll(expected, value => (double)value), 1e-5, $"{m} x {n} x {k}");
    }

    private static (float[] Scales, sbyte[] Numbers) Quantize(Floats w, int rows, int columns, int threads)
    {
        float[] scales = new float[columns];
        sbyte[] q = new sbyte[rows * columns];
        fixed (float* s = scales)
        fixed (sbyte* b = q)
        {
            EightBitMatrix.Quantize(w.Data, rows, columns, s, b, threads);
        }

        return (scales, q);
    }
}
