using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Average pooling: <c>AveragePooling.Forward(shape, x, y, threads)</c>, <c>AveragePooling.Gradient(shape, dy, dx, threads)</c>.
/// The mean is over the part of the window inside x, summed by rows and divided by the number of cells; an empty window gives
/// zero.
/// </summary>
internal static unsafe class AveragePooling
{
    internal static void Forward(in PoolShape shape, float* x, float* y, int threads) =>
        Workers.ForSimd(threads, checked(shape.Batch * shape.OutHeight), new ForwardRow(shape, x, y));

    /// <summary>dx of y = average pool of x: every cell of a window gets dy divided by the number of cells.</summary>
    internal static void Gradient(in PoolShape shape, float* dy, float* dx, int threads)
    {
        int chunks = (shape.Channels + PoolChunk.Channels - 1) / PoolChunk.Channels;
        Workers.ForSimd(threads, checked(shape.Batch * chunks), new GradientChunk(shape, dy, dx, chunks));
    }

    private struct ForwardRow(in PoolShape shape, float* x, float* y) : ISimdBlock
    {
        private readonly PoolShape _shape = shape;
        private readonly float* _x = x;
        private readonly float* _y = y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int i = block % _shape.OutHeight, n = block / _shape.OutHeight, channels = _shape.Channels;
            (int top, int bottom) = _shape.Rows(i);
            nint pitch = (nint)_shape.InWidth * channels;
            float* x = _x + n * _shape.InPicture, y = _y + n * _shape.OutPicture + i * (long)_shape.OutWidth * channels;
            for (int j = 0; j < _shape.OutWidth; j++, y += channels)
            {
                (int left, int right) = _shape.Columns(j);
                float count = Math.Max(1, (bottom - top) * (right - left));
                int c = 0;
                for (; c + V.Width <= channels; c += V.Width)
                {
                    V sum = V.Zero;
                    for (int u = top; u < bottom; u++)
                    {
                        for (int v = left; v < right; v++)
                            sum = V.Add(sum, V.Load(x + u * pitch + (nint)v * channels + c));
                    }
                    V.Store(V.Div(sum, V.Broadcast(count)), y + c);
                }
                for (; c < channels; c++)
                {
                    float sum = 0;
                    for (int u = top; u < bottom; u++)
                    {
                        for (int v = left; v < right; v++)
                            sum += x[u * pitch + (nint)v * channels + c];
                    }
                    y[c] = sum / count;
                }
            }
        }
    }

    private struct GradientChunk(in PoolShape shape, float* dy, float* dx, int chunks) : ISimdBlock
    {
        private readonly PoolShape _shape = shape;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int n = block / _chunks, first = block % _chunks * PoolChunk.Channels;
            int channels = Math.Min(PoolChunk.Channels, _shape.Channels - first);
            float* dx = _dx + n * _shape.InPicture + first;
            PoolChunk.Clear(_shape, dx, 0, _shape.InHeight, channels);
            for (int i = 0; i < _shape.OutHeight; i++)
            {
                (int top, int bottom) = _shape.Rows(i);
                for (int j = 0; j < _shape.OutWidth; j++)
                {
                    (int left, int right) = _shape.Columns(j);
                    float* dy = _dy + n * _shape.OutPicture + ((long)i * _shape.OutWidth + j) * _shape.Channels + first;
                    float count = (bottom - top) * (right - left);
                    for (int u = top; u < bottom; u++)
                    {
                        for (int v = left; v < right; v++)
                            AddShare<V>(dx + ((long)u * _shape.InWidth + v) * _shape.Channels, dy, count, channels);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddShare<V>(float* dx, float* dy, float count, int channels) where V : struct, ISimd<V>
        {
            int c = 0;
            for (; c + V.Width <= channels; c += V.Width)
                V.Store(V.Add(V.Load(dx + c), V.Div(V.Load(dy + c), V.Broadcast(count))), dx + c);
            for (; c < channels; c++)
                dx[c] += dy[c] / count;
        }
    }
}
