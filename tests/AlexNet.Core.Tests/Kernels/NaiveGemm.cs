using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>The product by its definition: in double, and as the blocks of fused multiply-adds that the kernels promise.</summary>
internal static unsafe class NaiveGemm
{
    internal static double[] InDouble(GemmShape s, float* a, float* b)
    {
        double[] c = new double[s.M * s.N];
        for (int i = 0; i < s.M; i++)
        {
            for (int j = 0; j < s.N; j++)
            {
                for (int k = 0; k < s.K; k++)
                    c[i * s.N + j] += (double)A(s, a, i, k) * B(s, b, k, j);
            }
        }
        return c;
    }

    internal static float[] Blocks(GemmShape s, float* a, float* b)
    {
        float[] c = new float[s.M * s.N];
        for (int i = 0; i < s.M; i++)
        {
            for (int j = 0; j < s.N; j++)
            {
                for (int k = 0; k < s.K; k += 256)
                {
                    float sum = 0;
                    for (int l = k; l < Math.Min(s.K, k + 256); l++)
                        sum = Simd.Fma(A(s, a, i, l), B(s, b, l, j), sum);
                    c[i * s.N + j] += sum;
                }
            }
        }
        return c;
    }

    private static float A(in GemmShape s, float* a, int i, int k) => s.TransposeA ? a[k * s.Lda + i] : a[i * s.Lda + k];

    private static float B(in GemmShape s, float* b, int k, int j) => s.TransposeB ? b[j * s.Ldb + k] : b[k * s.Ldb + j];
}
