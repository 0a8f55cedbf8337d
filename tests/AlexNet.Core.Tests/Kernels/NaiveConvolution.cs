using System.Numerics.Tensors;
using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

/// <summary>Convolution and its gradients by their definitions, in double.</summary>
internal static unsafe class NaiveConvolution
{
    private delegate void Term(int x, int w, int y);

    internal static double[] Forward(in ConvShape s, float* x, float* w, float* bias = null)
    {
        double[] y = new double[s.Batch * s.OutPicture];
        Visit(s, (ix, iw, iy) => y[iy] += (double)x[ix] * w[iw]);
        for (int i = 0; bias != null && i < y.Length; i++)
            y[i] += bias[i % s.OutChannels];
        return y;
    }

    /// <summary>As <see cref="Forward"/> for large shapes: whole rows of output channels at a time.</summary>
    internal static double[] ForwardByRows(ConvShape s, float* x, float* w)
    {
        double[] y = new double[s.Batch * s.OutPicture], filter = new double[s.FilterLength];
        for (long i = 0; i < filter.Length; i++)
            filter[i] = w[i];
        int outs = s.GroupOutChannels;
        Parallel.For(0, s.Batch * s.OutHeight * s.OutWidth, pixel =>
        {
            int j = pixel % s.OutWidth, i = pixel / s.OutWidth % s.OutHeight, n = pixel / s.OutWidth / s.OutHeight;
            for (int tap = 0; tap < s.KernelHeight * s.KernelWidth; tap++)
            {
                int row = i * s.StrideY + tap / s.KernelWidth * s.DilationY - s.PadTop;
                int column = j * s.StrideX + tap % s.KernelWidth * s.DilationX - s.PadLeft;
                if (row < 0 || row >= s.InHeight || column < 0 || column >= s.InWidth)
                    continue;
                for (int channel = 0; channel < s.InChannels; channel++)
                {
                    int group = channel / s.GroupInChannels;
                    double value = x[(((long)n * s.InHeight + row) * s.InWidth + column) * s.InChannels + channel];
                    var target = y.AsSpan(pixel * s.OutChannels + group * outs, outs);
                    TensorPrimitives.MultiplyAdd(filter.AsSpan((tap * s.GroupInChannels + channel % s.GroupInChannels) * s.OutChannels + group * outs, outs),
                        value, target, target);
                }
            }
        });
        return y;
    }

    internal static double[] InputGradient(in ConvShape s, float* w, float* dy)
    {
        double[] dx = new double[s.Batch * s.InPicture];
        Visit(s, (ix, iw, iy) => dx[ix] += (double)dy[iy] * w[iw]);
        return dx;
    }

    internal static double[] FilterGradient(in ConvShape s, float* x, float* dy)
    {
        double[] dw = new double[s.FilterLength];
        Visit(s, (ix, iw, iy) => dw[iw] += (double)x[ix] * dy[iy]);
        return dw;
    }

    /// <summary>As <see cref="FilterGradient"/> for large shapes: whole rows of output channels at a time, dilation apart.</summary>
    internal static double[] FilterGradientByRows(ConvShape s, float* x, float* dy)
    {
        double[] dw = new double[s.FilterLength], gradient = new double[s.Batch * s.OutPicture];
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = dy[i];
        int outs = s.GroupOutChannels;
        Parallel.For(0, s.KernelHeight * s.KernelWidth, tap =>
        {
            for (int pixel = 0; pixel < s.Batch * s.OutHeight * s.OutWidth; pixel++)
            {
                int j = pixel % s.OutWidth, i = pixel / s.OutWidth % s.OutHeight, n = pixel / s.OutWidth / s.OutHeight;
                int row = i * s.StrideY + tap / s.KernelWidth - s.PadTop, column = j * s.StrideX + tap % s.KernelWidth - s.PadLeft;
                if (row < 0 || row >= s.InHeight || column < 0 || column >= s.InWidth)
                    continue;
                for (int channel = 0; channel < s.InChannels; channel++)
                {
                    int group = channel / s.GroupInChannels;
                    double value = x[(((long)n * s.InHeight + row) * s.InWidth + column) * s.InChannels + channel];
                    var target = dw.AsSpan((tap * s.GroupInChannels + channel % s.GroupInChannels) * s.OutChannels + group * outs, outs);
                    TensorPrimitives.MultiplyAdd(gradient.AsSpan(pixel * s.OutChannels + group * outs, outs), value, target, target);
                }
            }
        });
        return dw;
    }

    private static void Visit(ConvShape s, Term term)
    {
        for (int n = 0; n < s.Batch; n++)
        for (int i = 0; i < s.OutHeight; i++)
        for (int j = 0; j < s.OutWidth; j++)
        for (int u = 0; u < s.KernelHeight; u++)
        for (int v = 0; v < s.KernelWidth; v++)
        {
            int row = i * s.StrideY + u * s.DilationY - s.PadTop, column = j * s.StrideX + v * s.DilationX - s.PadLeft;
            if (row < 0 || row >= s.InHeight || column < 0 || column >= s.InWidth)
                continue;
            for (int o = 0; o < s.OutChannels; o++)
            for (int c = 0; c < s.GroupInChannels; c++)
            {
                int channel = o / s.GroupOutChannels * s.GroupInChannels + c;
                term(((n * s.InHeight + row) * s.InWidth + column) * s.InChannels + channel,
                    ((u * s.KernelWidth + v) * s.GroupInChannels + c) * s.OutChannels + o,
                    ((n * s.OutHeight + i) * s.OutWidth + j) * s.OutChannels + o);
            }
        }
    }
}
