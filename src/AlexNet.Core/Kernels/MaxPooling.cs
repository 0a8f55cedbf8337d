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
        // Whole pixels are read and written in the order of memory; few pictures are cut by channels, so that all threads have some.
        int width = shape.Batch >= 2 * Workers.Resolve(threads) ? Math.Max(1, shape.Channels) : PoolChunk.Channels;
        int chunks = (shape.Channels + width - 1) / width;
        Workers.ForSimd(threads, checked(shape.Batch * chunks), new GradientChunk(shape, x, dy, dx, chunks, width));
    }

    private struct GradientChunk(in PoolShape shape, float* x, float* dy, float* dx, int chunks, int width) : ISimdBlock
    {
        private readonly PoolShape _shape = shape;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _chunks = chunks;
        private readonly int _width = width;

        // Rows of dx are cleared when the first window reaches them, so that they are still in the cache when the gradients come.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block) where V : struct, ISimd<V>
        {
            int n = block / _chunks, first = block % _chunks * _width, clear = 0;
            int channels = Math.Min(_width, _shape.Channels - first);
            float* x = _x + n * _shape.InPicture + first, dx = _dx + n * _shape.InPicture + first;
            float* dy = _dy + n * _shape.OutPicture + first;
            for (int i = 0; i < _shape.OutHeight; i++)
            {
                (int top, int bottom) = _shape.Rows(i);
                if (bottom > clear)
                    PoolChunk.Clear(_shape, dx, clear, bottom, channels);
                clear = Math.Max(clear, bottom);
                for (int j = 0; j < _shape.OutWidth; j++, dy += _shape.Channels)
                {
                    (int left, int right) = _shape.Columns(j);
                    nint corner = ((nint)top * _shape.InWidth + left) * _shape.Channels;
                    if (top < bottom && left < right)
                        Window<V>(x + corner, dy, dx + corner, bottom - top, right - left, channels);
                }
            }
            PoolChunk.Clear(_shape, dx, clear, _shape.InHeight, channels);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Window<V>(float* x, float* dy, float* dx, int rows, int columns, int channels) where V : struct, ISimd<V>
        {
            nint pixel = _shape.Channels, pitch = _shape.InWidth * pixel;
            int c = 0;
            if (rows == 3 && columns == 3)
            {
                for (; c + V.Width <= channels; c += V.Width)
                    Nine<V>(x + c, V.Load(dy + c), dx + c, pixel, pitch);
            }
            for (; c + V.Width <= channels; c += V.Width)
                Any<V>(x + c, V.Load(dy + c), dx + c, rows, columns);
            for (; c < channels; c++)
                One(x + c, dy[c], dx + c, rows, columns);
        }

        // The usual window without loops.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Nine<V>(float* x, V gradient, float* dx, nint pixel, nint pitch) where V : struct, ISimd<V>
        {
            V max = V.Load(x), winner = V.Zero;
            Take(x + pixel, 1, ref max, ref winner);
            Take(x + 2 * pixel, 2, ref max, ref winner);
            Take(x + pitch, 3, ref max, ref winner);
            Take(x + pitch + pixel, 4, ref max, ref winner);
            Take(x + pitch + 2 * pixel, 5, ref max, ref winner);
            Take(x + 2 * pitch, 6, ref max, ref winner);
            Take(x + 2 * pitch + pixel, 7, ref max, ref winner);
            Take(x + 2 * pitch + 2 * pixel, 8, ref max, ref winner);
            Give(dx, 0, winner, gradient);
            Give(dx + pixel, 1, winner, gradient);
            Give(dx + 2 * pixel, 2, winner, gradient);
            Give(dx + pitch, 3, winner, gradient);
            Give(dx + pitch + pixel, 4, winner, gradient);
            Give(dx + pitch + 2 * pixel, 5, winner, gradient);
            Give(dx + 2 * pitch, 6, winner, gradient);
            Give(dx + 2 * pitch + pixel, 7, winner, gradient);
            Give(dx + 2 * pitch + 2 * pixel, 8, winner, gradient);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Any<V>(float* x, V gradient, float* dx, int rows, int columns) where V : struct, ISimd<V>
        {
            nint pixel = _shape.Channels, pitch = _shape.InWidth * pixel;
            V max = V.Load(x), winner = V.Zero;
            for (int u = 0; u < rows; u++)
            {
                for (int v = 0; v < columns; v++)
                    Take(x + u * pitch + v * pixel, u * columns + v, ref max, ref winner);
            }
            for (int u = 0; u < rows; u++)
            {
                for (int v = 0; v < columns; v++)
                    Give(dx + u * pitch + v * pixel, u * columns + v, winner, gradient);
            }
        }

        // A larger cell becomes the maximum, its place the winner's.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Take<V>(float* cell, int place, ref V max, ref V winner) where V : struct, ISimd<V>
        {
            V value = V.Load(cell), larger = V.Greater(value, max);
            max = V.Select(larger, value, max);
            winner = V.Select(larger, V.Broadcast(place), winner);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Give<V>(float* target, int place, V winner, V gradient) where V : struct, ISimd<V> =>
            V.Store(V.Add(V.Load(target), V.And(V.Equal(winner, V.Broadcast(place)), gradient)), target);

        private readonly void One(float* x, float gradient, float* dx, int rows, int columns)
        {
            nint pixel = _shape.Channels, pitch = _shape.InWidth * pixel, winner = 0;
            for (int u = 0; u < rows; u++)
            {
                for (int v = 0; v < columns; v++)
                {
                    nint cell = u * pitch + v * pixel;
                    if (x[cell] > x[winner])
                        winner = cell;
                }
            }
            dx[winner] += gradient;
        }
    }
}

/// <summary>Gradients of poolings are cut by pictures and ranges of channels, whose windows meet no other block's.</summary>
internal static unsafe class PoolChunk
{
    internal const int Channels = 64;

    /// <summary>Sets the channels of some rows of a picture of x's size to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Clear(in PoolShape shape, float* dx, int firstRow, int endRow, int channels)
    {
        long width = shape.InWidth;
        if (channels == shape.Channels)
        {
            new Span<float>(dx + firstRow * width * channels, checked((int)((endRow - firstRow) * width * channels))).Clear();
            return;
        }
        for (long i = firstRow * width; i < endRow * width; i++)
            new Span<float>(dx + i * shape.Channels, channels).Clear();
    }
}
