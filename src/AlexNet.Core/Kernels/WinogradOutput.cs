using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The way of a tile's sums m to y = Aᵀ m A (see <see cref="WinogradTransform"/>), bias and relu included, for one panel of output
/// channels.
/// </summary>
internal unsafe struct WinogradOutput
{
    private const int Outputs = WinogradTransform.Outputs;
    private const int Panel = GemmPack.PanelColumns;

    /// <summary>Sums [cells][32 channels].</summary>
    internal float* Sums;

    /// <summary>First output pixel, at the first of the channels.</summary>
    internal float* Y;
    internal nint RowPitch;
    internal nint PixelPitch;

    /// <summary>Rows, columns and channels that exist.</summary>
    internal int Rows;
    internal int Columns;
    internal int Channels;

    /// <summary>32 biases; −0 where there are none, which changes no value.</summary>
    internal float* Bias;

    /// <summary>Lower bound of the outputs: 0 for relu, else −∞, which changes no value.</summary>
    internal float Floor;

    /// <summary>Writes the outputs of a tile of <paramref name="size"/>; returns whether all were finite before the bias.</summary>
    internal readonly bool Run<V>(int size) where V : struct, ISimd<V> => size == 6 ? Run6<V>() : Run8<V>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private readonly bool Run6<V>() where V : struct, ISimd<V>
    {
        float* half = stackalloc float[Outputs * 6 * 16];
        float* spare = stackalloc float[Outputs * Outputs * 16];
        V check = V.Zero;
        for (int c = 0; c < Channels; c += V.Width)
        {
            bool whole = IsWhole(c + V.Width);
            var y = new Target<V>(this, whole, spare, c);
            float* m = Sums + c;
            for (int j = 0; j < 6; j++)
                Half(half + j * V.Width, 6 * V.Width, Line6<V>(m + j * Panel, 6 * Panel));
            for (int i = 0; i < Outputs; i++)
                check = V.Add(check, y.Store(i, Line6<V>(half + i * 6 * V.Width, V.Width)));
            if (!whole)
                Copy<V>(spare, c);
        }
        return !V.AnyNonFinite(check);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private readonly bool Run8<V>() where V : struct, ISimd<V>
    {
        float* half = stackalloc float[Outputs * 8 * 16];
        float* spare = stackalloc float[Outputs * Outputs * 16];
        V check = V.Zero;
        for (int c = 0; c < Channels; c += V.Width)
        {
            bool whole = IsWhole(c + V.Width);
            var y = new Target<V>(this, whole, spare, c);
            float* m = Sums + c;
            for (int j = 0; j < 8; j++)
                Half(half + j * V.Width, 8 * V.Width, Line8<V>(m + j * Panel, 8 * Panel));
            for (int i = 0; i < Outputs; i++)
                check = V.Add(check, y.Store(i, Line8<V>(half + i * 8 * V.Width, V.Width)));
            if (!whole)
                Copy<V>(spare, c);
        }
        return !V.AnyNonFinite(check);
    }

    private readonly bool IsWhole(int channels) => Rows == Outputs && Columns == Outputs && channels <= Channels;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<V>(float* column, nint step, in Four<V> y) where V : struct, ISimd<V>
    {
        V.Store(y.Y0, column);
        V.Store(y.Y1, column + step);
        V.Store(y.Y2, column + 2 * step);
        V.Store(y.Y3, column + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Copy<V>(float* source, int c) where V : struct, ISimd<V>
    {
        int channels = Math.Min(V.Width, Channels - c);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                new Span<float>(source + (i * Outputs + j) * V.Width, channels)
                    .CopyTo(new Span<float>(Y + i * RowPitch + j * PixelPitch + c, channels));
            }
        }
    }

    // Points 0, 1, −1, ½, −2, ∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<V> Line6<V>(float* m, nint step) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V sum = V.Add(m1, m2), difference = V.Sub(m1, m2);
        return new Four<V>(
            V.Add(V.Add(V.Load(m), sum), V.Add(m3, m4)),
            V.Fnma(V.Broadcast(2f), m4, V.Fma(V.Broadcast(0.5f), m3, difference)),
            V.Fma(V.Broadcast(4f), m4, V.Fma(V.Broadcast(0.25f), m3, sum)),
            V.Fnma(V.Broadcast(8f), m4, V.Fma(V.Broadcast(0.125f), m3, V.Add(difference, V.Load(m + 5 * step)))));
    }

    // Points 0, ±1, ±½, ±2, ∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<V> Line8<V>(float* m, nint step) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V m5 = V.Load(m + 5 * step), m6 = V.Load(m + 6 * step);
        V sum1 = V.Add(m1, m2), sum2 = V.Add(m3, m4), sum3 = V.Add(m5, m6);
        V difference1 = V.Sub(m1, m2), difference2 = V.Sub(m3, m4), difference3 = V.Sub(m5, m6);
        return new Four<V>(
            V.Add(V.Add(V.Load(m), sum1), V.Add(sum2, sum3)),
            V.Fma(V.Broadcast(2f), difference3, V.Fma(V.Broadcast(0.5f), difference2, difference1)),
            V.Fma(V.Broadcast(4f), sum3, V.Fma(V.Broadcast(0.25f), sum2, sum1)),
            V.Fma(V.Broadcast(8f), difference3, V.Fma(V.Broadcast(0.125f), difference2, V.Add(difference1, V.Load(m + 7 * step)))));
    }

    private readonly struct Four<V>(V y0, V y1, V y2, V y3) where V : struct, ISimd<V>
    {
        internal readonly V Y0 = y0, Y1 = y1, Y2 = y2, Y3 = y3;
    }

    /// <summary>Where four rows of four vectors go: to y, or, where y ends, to spare memory.</summary>
    private readonly struct Target<V> where V : struct, ISimd<V>
    {
        private readonly float* _y;
        private readonly nint _rowPitch;
        private readonly nint _pixelPitch;
        private readonly V _bias;
        private readonly V _floor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Target(in WinogradOutput output, bool whole, float* spare, int c)
        {
            _y = whole ? output.Y + c : spare;
            _rowPitch = whole ? output.RowPitch : Outputs * V.Width;
            _pixelPitch = whole ? output.PixelPitch : V.Width;
            _bias = V.Load(output.Bias + c);
            _floor = V.Broadcast(output.Floor);
        }

        /// <summary>Stores a row; returns 0·y, which is NaN as soon as one y is not finite.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal V Store(int row, in Four<V> y)
        {
            float* p = _y + row * _rowPitch;
            V.Store(V.Max(_floor, V.Add(y.Y0, _bias)), p);
            V.Store(V.Max(_floor, V.Add(y.Y1, _bias)), p + _pixelPitch);
            V.Store(V.Max(_floor, V.Add(y.Y2, _bias)), p + 2 * _pixelPitch);
            V.Store(V.Max(_floor, V.Add(y.Y3, _bias)), p + 3 * _pixelPitch);
            return V.Add(
                V.Add(V.Mul(y.Y0, V.Zero), V.Mul(y.Y1, V.Zero)), V.Add(V.Mul(y.Y2, V.Zero), V.Mul(y.Y3, V.Zero)));
        }
    }
}
