using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Pooling and LRN by their definitions.</summary>
internal static unsafe class NaivePooling
{
    internal static float[] Max(PoolShape s, float* x)
    {
        float[] y = new float[s.Batch * s.OutPicture];
        Array.Fill(y, float.MinValue);
        Visit(s, (ix, iy) => y[iy] = x[ix] > y[iy] ? x[ix] : y[iy]);
        return y;
    }

    internal static float[] MaxGradient(PoolShape s, float* x, float* dy)
    {
        int[] winner = new int[s.Batch * s.OutPicture];
        Array.Fill(winner, -1);
        Visit(s, (ix, iy) => winner[iy] = winner[iy] < 0 || x[ix] > x[winner[iy]] ? ix : winner[iy]);
        float[] dx = new float[s.Batch * s.InPicture];
        for (int i = 0; i < winner.Length; i++)
        {
            if (winner[i] >= 0)
                dx[winner[i]] += dy[i];
        }
        return dx;
    }

    internal static double[] Average(PoolShape s, float* x)
    {
        double[] y = new double[s.Batch * s.OutPicture];
        int[] counts = Counts(s);
        Visit(s, (ix, iy) => y[iy] += (double)x[ix] / counts[iy]);
        return y;
    }

    internal static double[] AverageGradient(PoolShape s, float* dy)
    {
        double[] dx = new double[s.Batch * s.InPicture];
        int[] counts = Counts(s);
        Visit(s, (ix, iy) => dx[ix] += (double)dy[iy] / counts[iy]);
        return dx;
    }

    internal static (double[] Y, double[] Norm) Lrn(LrnParameters p, int channels, ReadOnlySpan<float> x)
    {
        double[] y = new double[x.Length], norm = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            norm[i] = p.Bias;
            for (int j = First(p, channels, i); j <= Last(p, channels, i); j++)
                norm[i] += (double)p.Alpha * x[j] * x[j];
            y[i] = x[i] * Math.Pow(norm[i], -p.Beta);
        }
        return (y, norm);
    }

    internal static double[] LrnGradient(LrnParameters p, int channels, ReadOnlySpan<float> x, ReadOnlySpan<float> dy)
    {
        (double[] y, double[] norm) = Lrn(p, channels, x);
        double[] dx = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double sum = 0;
            for (int j = First(p, channels, i); j <= Last(p, channels, i); j++)
                sum += dy[j] * y[j] / norm[j];
            dx[i] = dy[i] * Math.Pow(norm[i], -p.Beta) - 2.0 * p.Alpha * p.Beta * x[i] * sum;
        }
        return dx;
    }

    private static int First(in LrnParameters p, int channels, int i) => i - Math.Min(i % channels, p.Radius);

    private static int Last(in LrnParameters p, int channels, int i) => i + Math.Min(channels - 1 - i % channels, p.Radius);

    private static int[] Counts(PoolShape s)
    {
        int[] counts = new int[s.Batch * s.OutPicture];
        Visit(s, (_, iy) => counts[iy]++);
        return counts;
    }

    private static void Visit(PoolShape s, Action<int, int> cell)
    {
        for (int n = 0; n < s.Batch; n++)
        for (int i = 0; i < s.OutHeight; i++)
        for (int j = 0; j < s.OutWidth; j++)
        for (int u = 0; u < s.KernelHeight; u++)
        for (int v = 0; v < s.KernelWidth; v++)
        {
            int row = i * s.StrideY - s.PadTop + u, column = j * s.StrideX - s.PadLeft + v;
            for (int c = 0; c < s.Channels && row >= 0 && row < s.InHeight && column >= 0 && column < s.InWidth; c++)
                cell(((n * s.InHeight + row) * s.InWidth + column) * s.Channels + c, ((n * s.OutHeight + i) * s.OutWidth + j) * s.Channels + c);
        }
    }
}
