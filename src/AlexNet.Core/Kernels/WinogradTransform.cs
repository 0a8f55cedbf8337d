using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The transforms of Winograd's (Toom and Cook's) short convolutions on 6 × 6 tiles with the points 0, 1, −1, ½, −2, ∞.
/// With M(x) = Π(x − p) = x⁵ + 1.5x⁴ − 2x³ − 1.5x² + x:
/// input Bᵀ: row p holds the coefficients of M(x) / (x − p), row ∞ those of M(x);
/// filter G: row p holds 1, p, p² … divided by M′(p), row ∞ takes the last coefficient;
/// output Aᵀ: row j holds p^j, the last row 1 for ∞.
/// Then y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A is the correlation of d with g. All constants of Bᵀ and Aᵀ are exact in binary.
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Width and height of a tile.</summary>
    internal const int Size = 6;

    /// <summary>Values of a tile.</summary>
    internal const int Cells = Size * Size;

    /// <summary>The points but ∞, and M′ there.</summary>
    private static readonly (double Point, double Derivative)[] s_points =
        [(0, 1), (1, 3), (-1, -3), (0.5, -15.0 / 16), (-2, 15)];

    /// <summary>G for <paramref name="taps"/> taps, Size rows.</summary>
    internal static double[][] FilterMatrix(int taps)
    {
        double[][] g = new double[Size][];
        for (int i = 0; i < s_points.Length; i++)
            g[i] = [.. Enumerable.Range(0, taps).Select(k => Math.Pow(s_points[i].Point, k) / s_points[i].Derivative)];
        g[^1] = new double[taps];
        g[^1][^1] = 1;
        return g;
    }

    /// <summary>
    /// target[f·plane + c] = (Bᵀ d B)[f] for the tile d of 6 × 6 pixels; channels in whole vectors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    internal static void Input<V>(float* d, nint rowPitch, nint pixelPitch, int channels, float* target, nint plane)
        where V : struct, ISimd<V>
    {
        float* half = stackalloc float[Cells * 16];
        for (int c = 0; c < channels; c += V.Width, d += V.Width, target += V.Width)
        {
            for (int j = 0; j < Size; j++)
                InputLine<V>(d + j * pixelPitch, rowPitch, half + j * V.Width, Size * V.Width);
            for (int i = 0; i < Size; i++)
                InputLine<V>(half + i * Size * V.Width, V.Width, target + i * Size * plane, plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine<V>(float* d, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
    {
        V threeHalves = V.Broadcast(1.5f), two = V.Broadcast(2f);
        V d1 = V.Load(d + step), d2 = V.Load(d + 2 * step), d3 = V.Load(d + 3 * step), d4 = V.Load(d + 4 * step);
        V s = V.Sub(d4, d2), t = V.Sub(d3, d1);
        V.Store(V.Fma(threeHalves, t, V.Fnma(two, d2, V.Add(V.Load(d), d4))), target);
        V even = V.Fma(threeHalves, d3, s), odd = V.Fma(threeHalves, d2, t);
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        V.Store(V.Fma(two, t, s), target + 3 * targetStep);
        V.Store(V.Fnma(V.Broadcast(0.5f), t, s), target + 4 * targetStep);
        V.Store(V.Fma(threeHalves, s, V.Fnma(two, d3, V.Add(d1, V.Load(d + 5 * step)))), target + 5 * targetStep);
    }

    /// <summary>Aᵀ m for two outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine2<V>(float* m, nint step, out V y0, out V y1) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        y0 = V.Add(V.Add(V.Load(m), V.Add(m1, m2)), V.Add(m3, m4));
        V difference = V.Add(V.Sub(m1, m2), V.Load(m + 5 * step));
        y1 = V.Fnma(V.Broadcast(2f), m4, V.Fma(V.Broadcast(0.5f), m3, difference));
    }

    /// <summary>Aᵀ m for four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine4<V>(float* m, nint step, out V y0, out V y1, out V y2, out V y3) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V sum = V.Add(m1, m2), difference = V.Sub(m1, m2);
        y0 = V.Add(V.Add(V.Load(m), sum), V.Add(m3, m4));
        y1 = V.Fnma(V.Broadcast(2f), m4, V.Fma(V.Broadcast(0.5f), m3, difference));
        y2 = V.Fma(V.Broadcast(4f), m4, V.Fma(V.Broadcast(0.25f), m3, sum));
        y3 = V.Fnma(V.Broadcast(8f), m4, V.Fma(V.Broadcast(0.125f), m3, V.Add(difference, V.Load(m + 5 * step))));
    }

    /// <summary>One tile on its way from sums to y.</summary>
    internal struct OutputTile
    {
        /// <summary>Sums [Cells][32 channels].</summary>
        internal float* Sums;

        /// <summary>First output pixel, at the first of the 32 channels.</summary>
        internal float* Y;
        internal nint RowPitch;
        internal nint PixelPitch;

        /// <summary>Rows, columns and channels that exist.</summary>
        internal int Rows;
        internal int Columns;
        internal int Channels;

        /// <summary>32 biases, or null.</summary>
        internal float* Bias;
        internal bool Relu;
    }

    /// <summary>
    /// y = Aᵀ m A for the <paramref name="outputs"/> × <paramref name="outputs"/> pixels of a tile, then bias and relu. Returns whether
    /// all values were finite.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    internal static bool Output<V>(int outputs, in OutputTile tile) where V : struct, ISimd<V>
    {
        float* half = stackalloc float[4 * Size * 16];
        V check = V.Zero;
        for (int c = 0; c < tile.Channels; c += V.Width)
        {
            if (outputs == 4)
                Four(tile, c, half, ref check);
            else
                Two(tile, c, half, ref check);
        }
        return !V.AnyNonFinite(check);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<V>(in OutputTile tile, int c, float* half, ref V check) where V : struct, ISimd<V>
    {
        V y0, y1, y2, y3;
        for (int j = 0; j < Size; j++)
        {
            OutputLine4(tile.Sums + j * GemmPack.PanelColumns + c, Size * GemmPack.PanelColumns, out y0, out y1, out y2, out y3);
            float* column = half + j * V.Width;
            V.Store(y0, column);
            V.Store(y1, column + Size * V.Width);
            V.Store(y2, column + 2 * Size * V.Width);
            V.Store(y3, column + 3 * Size * V.Width);
        }
        for (int i = 0; i < tile.Rows; i++)
        {
            OutputLine4(half + i * Size * V.Width, V.Width, out y0, out y1, out y2, out y3);
            float* y = tile.Y + i * tile.RowPitch + c;
            Finish(tile, c, y0, y, ref check);
            if (tile.Columns > 1)
                Finish(tile, c, y1, y + tile.PixelPitch, ref check);
            if (tile.Columns > 2)
                Finish(tile, c, y2, y + 2 * tile.PixelPitch, ref check);
            if (tile.Columns > 3)
                Finish(tile, c, y3, y + 3 * tile.PixelPitch, ref check);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two<V>(in OutputTile tile, int c, float* half, ref V check) where V : struct, ISimd<V>
    {
        V y0, y1;
        for (int j = 0; j < Size; j++)
        {
            OutputLine2(tile.Sums + j * GemmPack.PanelColumns + c, Size * GemmPack.PanelColumns, out y0, out y1);
            V.Store(y0, half + j * V.Width);
            V.Store(y1, half + (Size + j) * V.Width);
        }
        for (int i = 0; i < tile.Rows; i++)
        {
            OutputLine2(half + i * Size * V.Width, V.Width, out y0, out y1);
            float* y = tile.Y + i * tile.RowPitch + c;
            Finish(tile, c, y0, y, ref check);
            if (tile.Columns > 1)
                Finish(tile, c, y1, y + tile.PixelPitch, ref check);
        }
    }

    // check collects 0·y, which is NaN as soon as one y is not finite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V>(in OutputTile tile, int c, V value, float* y, ref V check) where V : struct, ISimd<V>
    {
        check = V.Fma(value, V.Zero, check);
        if (tile.Bias != null)
            value = V.Add(value, V.Load(tile.Bias + c));
        if (tile.Relu)
            value = V.Max(V.Zero, value);
        if (c + V.Width <= tile.Channels)
            V.Store(value, y);
        else
            StoreRest(value, y, tile.Channels - c);
    }

    private static void StoreRest<V>(V value, float* y, int count) where V : struct, ISimd<V>
    {
        float* lanes = stackalloc float[16];
        V.Store(value, lanes);
        new Span<float>(lanes, count).CopyTo(new Span<float>(y, count));
    }
}
