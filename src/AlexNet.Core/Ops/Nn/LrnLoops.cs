using System.Numerics;

namespace AlexNetTF;

/// <summary>Local response normalisation in any floating-point type, in plain loops; Float32 has its vectorised kernels.</summary>
internal sealed class LrnLoops<T>(LrnAttributes attributes, TensorInfo input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int channels = input.Dimensions[3];
    private readonly int radius = attributes.DepthRadius;
    private readonly T bias = T.CreateTruncating(attributes.Bias);
    private readonly T alpha = T.CreateTruncating(attributes.Alpha);
    private readonly T beta = T.CreateTruncating(attributes.Beta);

    public void Forward(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            ReadOnlySpan<T> pixel = x.Slice(i / channels * channels, channels);
            y[i] = x[i] * T.Pow(Norm(pixel, i % channels), -beta);
        }
    }

    public void Gradient(ReadOnlySpan<T> dy, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> dx)
    {
        T factor = (T.One + T.One) * alpha * beta;
        for (int i = 0; i < dx.Length; i++)
        {
            int first = i / channels * channels;
            int k = i - first;
            ReadOnlySpan<T> pixel = x.Slice(first, channels);
            T sum = T.Zero;
            for (int j = First(k); j < End(k); j++) sum += dy[first + j] * y[first + j] / Norm(pixel, j);
            dx[i] = (dy[i] * T.Pow(Norm(pixel, k), -beta)) - (factor * x[i] * sum);
        }
    }

    private T Norm(ReadOnlySpan<T> pixel, int k)
    {
        T sum = T.Zero;
        for (int j = First(k); j < End(k); j++) sum += pixel[j] * pixel[j];
        return bias + (alpha * sum);
    }

    private int First(int k) => Math.Max(0, k - radius);

    private int End(int k) => Math.Min(channels, k + radius + 1);
}
