using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Max pooling: <c>MaxPooling.Forward(shape, x, y, threads)</c>, <c>MaxPooling.Gradient(shape, x, dy, dx, threads)</c>.
/// Forward starts from −FLT_MAX and takes strictly larger values, so padding never wins, NaN is passed over and a window of
/// only −∞ gives −FLT_MAX, as TensorFlow's CPU kernel does.
/// </summary>
internal static unsafe class MaxPooling
{
    internal static void Forward(in PoolShape shape, float* x, float* y, int threads) =>
        Workers.ForSimd(threads, checked(shape.Batch * shape.OutHeight), new ForwardRow(shape, x, y));

    private struct ForwardRow(in PoolShape shape, float* x, float* y) : ISimdBlock
    {
        private readonly PoolShape _shape = shape;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int i = block % _shape.OutHeight, n = block / _shape.OutHeight;
            (int from, int to) = _shape.Rows(i);
            long pitch = (long)_shape.InWidth * _shape.Channels;
            Row<V>(_shape, _x + n * _shape.InPicture + from * pitch, to - from,
                _y + n * _shape.OutPicture + (long)i * _shape.OutWidth * _shape.Channels);
        }
    }

    /// <summary>One output row from the <paramref name="rows"/> rows of x that its windows cover.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Row<V>(in PoolShape shape, float* x, int rows, float* y) where V : struct, ISimd<V>
    {
        int channels = shape.Channels;
        nint pitch = (nint)shape.InWidth * channels;
        for (int j = 0; j < shape.OutWidth; j++, y += channels)
        {
            (int from, int to) = shape.Columns(j);
            float* window = x + (nint)from * channels;
            int columns = to - from, c = 0;
            for (; c + V.Width <= channels; c += V.Width)
            {
                V max = V.Broadcast(float.MinValue);
                for (int u = 0; u < rows; u++)
                {
                    float* cell = window + u * pitch + c;
                    for (int v = 0; v < columns; v++, cell += channels)
                        max = V.Max(V.Load(cell), max);
                }
                V.Store(max, y + c);
            }
            for (; c < channels; c++)
            {
                float max = float.MinValue;
                for (int u = 0; u < rows; u++)
                {
                    for (int v = 0; v < columns; v++)
                        max = Simd.Max(window[u * pitch + (nint)v * channels + c], max);
                }
                y[c] = max;
            }
        }
    }

    /// <summary>
    /// dx of y = max pool of x: each window's gradient goes to its first cell (by rows, then columns) that no later cell exceeds;
    /// a NaN in the window's first cell therefore takes it. Overlapping windows add up in the order of the outputs.
    /// </summary>
    internal static void Gradient(in PoolShape shape, float* x, float* dy, float* dx, int threads)
    {
        int chunks = (shape.Channels + PoolChunk.Channels - 1) / PoolChunk.Channels;
        Workers.ForSimd(threads, checked(shape.Batch * chunks), new GradientChunk(shape, x, dy, dx, chunks));
    }

    private struct GradientChunk(in PoolShape shape, float* x, float* dy, float* dx, int chunks) : ISimdBlock
    {
        private readonly PoolShape _shape = shape;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _chunks = chunks;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int n = block / _chunks, first = block % _chunks * PoolChunk.Channels;
            int channels = Math.Min(PoolChunk.Channels, _shape.Channels - first);
            float* x = _x + n * _shape.InPicture + first, dx = _dx + n * _shape.InPicture + first;
            PoolChunk.Clear(_shape, dx, channels);
            for (int i = 0; i < _shape.OutHeight; i++)
            {
                for (int j = 0; j < _shape.OutWidth; j++)
                {
                    float* dy = _dy + n * _shape.OutPicture + ((long)i * _shape.OutWidth + j) * _shape.Channels + first;
                    int c = 0;
                    for (; c + V.Width <= channels; c += V.Width)
                        Window<V>(i, j, x + c, dy + c, dx + c);
                    for (; c < channels; c++)
                        Window(i, j, x + c, dy + c, dx + c);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Window<V>(int i, int j, float* x, float* dy, float* dx) where V : struct, ISimd<V>
        {
            (int top, int bottom) = _shape.Rows(i);
            (int left, int right) = _shape.Columns(j);
            if (top == bottom || left == right)
                return;
            nint channels = _shape.Channels, pitch = _shape.InWidth * channels, at = top * pitch + left * channels;
            V max = V.Load(x + at), winner = V.Zero, gradient = V.Load(dy);
            float place = 0;
            for (int u = top; u < bottom; u++)
            {
                for (int v = left; v < right; v++, place++)
                {
                    V cell = V.Load(x + u * pitch + v * channels), larger = V.Greater(cell, max);
                    max = V.Select(larger, cell, max);
                    winner = V.Select(larger, V.Broadcast(place), winner);
                }
            }
            place = 0;
            for (int u = top; u < bottom; u++)
            {
                for (int v = left; v < right; v++, place++)
                {
                    float* target = dx + u * pitch + v * channels;
                    V share = V.And(V.Equal(winner, V.Broadcast(place)), gradient);
                    V.Store(V.Add(V.Load(target), share), target);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Window(int i, int j, float* x, float* dy, float* dx)
        {
            (int top, int bottom) = _shape.Rows(i);
            (int left, int right) = _shape.Columns(j);
            if (top == bottom || left == right)
                return;
            nint channels = _shape.Channels, pitch = _shape.InWidth * channels, winner = top * pitch + left * channels;
            for (int u = top; u < bottom; u++)
            {
                for (int v = left; v < right; v++)
                {
                    nint cell = u * pitch + v * channels;
                    if (x[cell] > x[winner])
                        winner = cell;
                }
            }
            dx[winner] += *dy;
        }
    }
}

/// <summary>Gradients of poolings are cut by pictures and ranges of channels, whose windows meet no other block's.</summary>
internal static unsafe class PoolChunk
{
    internal const int Channels = 64;

    /// <summary>Sets the channels of a picture of x's size to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Clear(in PoolShape shape, float* dx, int channels)
    {
        long cells = (long)shape.InHeight * shape.InWidth;
        for (long i = 0; i < cells; i++)
            new Span<float>(dx + i * shape.Channels, channels).Clear();
    }
}
