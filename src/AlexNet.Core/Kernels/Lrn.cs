using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Local response normalisation over channels: N_k = Bias + Alpha·Σ x_j² over |j − k| ≤ Radius, y_k = x_k·N_k^(−Beta).
/// </summary>
internal readonly record struct LrnParameters(int Radius, float Bias, float Alpha, float Beta);

/// <summary>
/// LRN and its gradient: <c>Lrn.Forward(p, pixels, channels, x, y, threads)</c>,
/// <c>Lrn.Gradient(p, pixels, channels, dy, x, y, dx, threads)</c>; y may be x, dx may be dy.
/// Beta 0.75, 0.5 and 1 use IEEE square roots and divisions, other values <see cref="NegativePower"/>.
/// </summary>
internal static unsafe class Lrn
{
    private const int BlockFloats = 16384;

    internal static void Forward(in LrnParameters p, long pixels, int channels, float* x, float* y, int threads)
    {
        if (channels == 0)
            return;
        int blockPixels = Math.Max(1, BlockFloats / channels);
        Workers.ForSimd(threads, Blocks(pixels, blockPixels), new ForwardBlock(p, pixels, channels, x, y, blockPixels));
    }

    internal static void Gradient(
        in LrnParameters p, long pixels, int channels, float* dy, float* x, float* y, float* dx, int threads)
    {
        if (channels == 0)
            return;
        int blockPixels = Math.Max(1, BlockFloats / channels);
        Workers.ForSimd(threads, Blocks(pixels, blockPixels), new GradientBlock(p, pixels, channels, dy, x, y, dx, blockPixels));
    }

    /// <summary>Floats of buffer that <see cref="Pixels"/> needs.</summary>
    internal static int BufferLength(in LrnParameters p, int channels) => new LrnBuffer(p, channels, null).Length;

    /// <summary>Normalises <paramref name="count"/> pixels; <paramref name="buffer"/> has <see cref="BufferLength"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Pixels<V>(in LrnParameters p, int channels, float* x, float* y, int count, float* buffer)
        where V : struct, ISimd<V>
    {
        var b = new LrnBuffer(p, channels, buffer);
        b.ClearEdges();
        for (int i = 0; i < count; i++, x += channels, y += channels)
        {
            b.Square<V>(x);
            b.Norms<V>(p);
            if (!HasRoots(p.Beta))
                NegativePower.Run(b.Norm, channels, p.Beta);
            for (int c = 0; c < channels; c += V.Width)
                b.Store(Scale(p.Beta, V.Load(b.Value + c), V.Load(b.Norm + c)), y, c);
        }
    }

    private static int Blocks(long pixels, int blockPixels) => checked((int)((pixels + blockPixels - 1) / blockPixels));

    private static bool HasRoots(float beta) => beta is 0.75f or 0.5f or 1f;

    // v·N^(−β); norm holds N where β has roots, else the power itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scale<V>(float beta, V value, V norm) where V : struct, ISimd<V> =>
        beta == 0.75f ? V.Div(value, V.Sqrt(V.Mul(norm, V.Sqrt(norm))))
        : beta == 0.5f ? V.Div(value, V.Sqrt(norm))
        : beta == 1f ? V.Div(value, norm)
        : V.Mul(value, norm);

    private struct ForwardBlock(in LrnParameters p, long pixels, int channels, float* x, float* y, int blockPixels) : ISimdBlock
    {
        private readonly LrnParameters _p = p;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly long _pixels = pixels;
        private readonly int _channels = channels;
        private readonly int _blockPixels = blockPixels;

        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            long first = (long)block * _blockPixels, at = first * _channels;
            float* buffer = (float*)Scratch.Get(BufferLength(_p, _channels) * sizeof(float));
            Pixels<V>(_p, _channels, _x + at, _y + at, (int)Math.Min(_blockPixels, _pixels - first), buffer);
        }
    }

    // dx_k = dy_k·N_k^(−β) − 2αβ·x_k·Σ dy_j·y_j / N_j over |j − k| ≤ Radius.
    private struct GradientBlock(
        in LrnParameters p, long pixels, int channels, float* dy, float* x, float* y, float* dx, int blockPixels) : ISimdBlock
    {
        private readonly LrnParameters _p = p;
        private readonly float* _dy = dy;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float* _dx = dx;
        private readonly long _pixels = pixels;
        private readonly int _channels = channels;
        private readonly int _blockPixels = blockPixels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            LrnParameters p = _p;
            int length = BufferLength(p, _channels);
            float* buffer = (float*)Scratch.Get(2L * length * sizeof(float));
            LrnBuffer b = new(p, _channels, buffer), sums = new(p, _channels, buffer + length);
            b.ClearEdges();
            sums.ClearEdges();
            float factor = 2f * p.Alpha * p.Beta;
            long first = (long)block * _blockPixels, last = Math.Min(_pixels, first + _blockPixels);
            for (long at = first * _channels; at < last * _channels; at += _channels)
            {
                b.Square<V>(_x + at);
                b.Norms<V>(p);
                sums.Products<V>(_dy + at, _y + at, b.Norm);
                if (!HasRoots(p.Beta))
                    NegativePower.Run(b.Norm, _channels, p.Beta);
                for (int c = 0; c < _channels; c += V.Width)
                {
                    V direct = Scale(p.Beta, V.Load(sums.Value + c), V.Load(b.Norm + c));
                    V others = V.Mul(V.Mul(V.Broadcast(factor), V.Load(b.Value + c)), sums.Window<V>(c));
                    b.Store(V.Sub(direct, others), _dx + at, c);
                }
            }
        }
    }
}
