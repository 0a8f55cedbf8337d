using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The way of a tile's sums m to y = Aᵀ m A (see <see cref="WinogradTransform"/>), bias and relu included, for one panel of output
/// channels.
/// </summary>
internal unsafe struct WinogradOutput
{
    private const int Panel = GemmPack.PanelColumns;
    private const int SparePitch = 5;

    /// <summary>Sums, for each cell 32 channels.</summary>
    internal WinogradCursor Sums;

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

    /// <summary>Writes the outputs of a tile; returns whether all were finite before the bias.</summary>
    internal readonly bool Run<V>(int taps, int outputs, bool tall, bool wide) where V : struct, ISimd<V> =>
        taps == 5 && outputs == 3 ? Run<V, WinogradLine7Of5, WinogradLine7Of5>()
        : taps == 5 ? Run<V, WinogradLine8, WinogradLine8>()
        : tall ? RunWide<V, WinogradLine7>(wide)
        : RunWide<V, WinogradLine6>(wide);

    private readonly bool RunWide<V, H>(bool wide)
        where V : struct, ISimd<V>
        where H : struct, IWinogradLine => wide ? Run<V, H, WinogradLine7>() : Run<V, H, WinogradLine6>();

    // H is the line downwards, W the one to the right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private readonly bool Run<V, H, W>()
        where V : struct, ISimd<V>
        where H : struct, IWinogradLine
        where W : struct, IWinogradLine
    {
        float* half = stackalloc float[SparePitch * 8 * 16];
        float* spare = stackalloc float[SparePitch * SparePitch * 16];
        V check = V.Zero;
        for (int c = 0; c < Channels; c += V.Width)
        {
            bool whole = Rows == H.Outputs && Columns == W.Outputs && c + V.Width <= Channels;
            var y = new Target<V>(this, whole, spare, c);
            float* m = Sums.Cells + c;
            for (int j = 0; j < W.Regular; j++)
                Half<V, H>(half + j * V.Width, W.Cells * V.Width, H.Output<V>(m + j * Panel, W.Regular * Panel, Sums.Bottom + c + j * Panel));
            if (W.Cells > W.Regular)
                Half<V, H>(half + W.Regular * V.Width, W.Cells * V.Width, H.Output<V>(Sums.Right + c, Panel, Sums.Corner + c));
            for (int i = 0; i < H.Outputs; i++)
            {
                float* line = half + i * W.Cells * V.Width;
                check = V.Add(check, y.Store<W>(i, W.Output<V>(line, V.Width, line + W.Regular * V.Width)));
            }
            if (!whole)
                Copy<V>(spare, c);
        }
        return !V.AnyNonFinite(check);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half<V, H>(float* column, nint step, in WinogradOutputs<V> y)
        where V : struct, ISimd<V>
        where H : struct, IWinogradLine
    {
        V.Store(y.Y0, column);
        V.Store(y.Y1, column + step);
        V.Store(y.Y2, column + 2 * step);
        if (H.Outputs > 3)
            V.Store(y.Y3, column + 3 * step);
        if (H.Outputs > 4)
            V.Store(y.Y4, column + 4 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Copy<V>(float* source, int c) where V : struct, ISimd<V>
    {
        int channels = Math.Min(V.Width, Channels - c);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                new Span<float>(source + (i * SparePitch + j) * V.Width, channels)
                    .CopyTo(new Span<float>(Y + i * RowPitch + j * PixelPitch + c, channels));
            }
        }
    }

    /// <summary>Where rows of vectors go: to y, or, where y ends, to spare memory.</summary>
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
            _rowPitch = whole ? output.RowPitch : SparePitch * V.Width;
            _pixelPitch = whole ? output.PixelPitch : V.Width;
            _bias = V.Load(output.Bias + c);
            _floor = V.Broadcast(output.Floor);
        }

        /// <summary>Stores a row; returns 0·y, which is NaN as soon as one y is not finite.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal V Store<W>(int row, in WinogradOutputs<V> y) where W : struct, IWinogradLine
        {
            float* p = _y + row * _rowPitch;
            V.Store(V.Max(_floor, V.Add(y.Y0, _bias)), p);
            V.Store(V.Max(_floor, V.Add(y.Y1, _bias)), p + _pixelPitch);
            V.Store(V.Max(_floor, V.Add(y.Y2, _bias)), p + 2 * _pixelPitch);
            V check = V.Add(V.Add(V.Mul(y.Y0, V.Zero), V.Mul(y.Y1, V.Zero)), V.Add(V.Mul(y.Y2, V.Zero), V.Mul(y.Y3, V.Zero)));
            if (W.Outputs == 3)
                return check;
            V.Store(V.Max(_floor, V.Add(y.Y3, _bias)), p + 3 * _pixelPitch);
            if (W.Outputs == 4)
                return check;
            V.Store(V.Max(_floor, V.Add(y.Y4, _bias)), p + 4 * _pixelPitch);
            return V.Add(check, V.Mul(y.Y4, V.Zero));
        }
    }
}
