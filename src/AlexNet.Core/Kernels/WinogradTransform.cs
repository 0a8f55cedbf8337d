using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The transforms of Winograd's (Toom and Cook's) short convolutions: tiles of 6 × 6 for 3 × 3 taps with the points
/// 0, 1, −1, ½, −2, ∞ and of 8 × 8 for 5 × 5 taps with 0, ±1, ±½, ±2, ∞; both give 4 × 4 outputs. A tile of 3 × 3 taps may be
/// longer by one in either direction, with the point 2 as well, and gives 5 outputs there. Where rounding counts more, tiles of
/// 7 × 7 for 5 × 5 taps, with 0, ±1, ±½, −2, ∞, give 3 × 3 outputs. With M(x) = Π(x − p):
/// input Bᵀ: row p holds the coefficients of M(x) / (x − p), row ∞ those of M(x);
/// filter G: row p holds 1, p, p² … divided by M′(p), row ∞ takes the last coefficient;
/// output Aᵀ: row j holds p^j, the last row 1 for ∞.
/// Then y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A is the correlation of d with g. All constants of Bᵀ and Aᵀ are exact in binary but for the
/// factors ⅓ and ⅔ of the longer tile.
/// On 48 channels the largest error is 2e−6 of the largest output for the small tile and 5e−6 for the others (direct
/// summation: 1e−6).
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Output pixels of a regular tile in each direction.</summary>
    internal const int Outputs = 4;

    private static readonly double[] s_points6 = [0, 1, -1, 0.5, -2];
    private static readonly double[] s_points7 = [0, 1, -1, 0.5, -0.5, -2];
    private static readonly double[] s_points8 = [0, 1, -1, 0.5, -0.5, 2, -2];
    private const double ExtraPoint = 2;

    /// <summary>G for 3 or 5 taps: one row a point, and for 3 taps a last one for the point that only longer tiles have.</summary>
    internal static double[][] FilterMatrix(int taps, int outputs = Outputs)
    {
        double[] points = taps == 3 ? s_points6 : outputs == 3 ? s_points7 : s_points8;
        double[] last = new double[taps];
        last[^1] = 1;
        double[][] g = [.. points.Select(p => FilterRow(p, points, taps)), last];
        return taps == 3 ? [.. g, FilterRow(ExtraPoint, points, taps)] : g;
    }

    private static double[] FilterRow(double point, double[] points, int taps)
    {
        double derivative = points.Where(p => p != point).Aggregate(1.0, (product, p) => product * (point - p));
        return [.. Enumerable.Range(0, taps).Select(k => Math.Pow(point, k) / derivative)];
    }

    /// <summary>
    /// Bᵀ d B of the tile d to the cells that <paramref name="target"/> names, <paramref name="plane"/> floats apart; channels in whole
    /// vectors of any width.
    /// </summary>
    internal static void Input<V>(
        int taps, int outputs, bool tall, bool wide, float* d, nint rowPitch, nint pixelPitch, int channels, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
    {
        if (taps == 5 && outputs == 3)
            Input<V, WinogradLine7Of5, WinogradLine7Of5>(d, rowPitch, pixelPitch, channels, target, plane);
        else if (taps == 5)
            Input<V, WinogradLine8, WinogradLine8>(d, rowPitch, pixelPitch, channels, target, plane);
        else if (tall)
            InputWide<V, WinogradLine7>(wide, d, rowPitch, pixelPitch, channels, target, plane);
        else
            InputWide<V, WinogradLine6>(wide, d, rowPitch, pixelPitch, channels, target, plane);
    }

    private static void InputWide<V, H>(bool wide, float* d, nint rowPitch, nint pixelPitch, int channels, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
        where H : struct, IWinogradLine
    {
        if (wide)
            Input<V, H, WinogradLine7>(d, rowPitch, pixelPitch, channels, target, plane);
        else
            Input<V, H, WinogradLine6>(d, rowPitch, pixelPitch, channels, target, plane);
    }

    // H is the line downwards, W the one to the right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Input<V, H, W>(float* d, nint rowPitch, nint pixelPitch, int channels, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
        where H : struct, IWinogradLine
        where W : struct, IWinogradLine
    {
        float* half = stackalloc float[8 * 8 * 16];
        float* cells = target.Cells, right = target.Right, bottom = target.Bottom, corner = target.Corner;
        for (int c = 0; c < channels; c += V.Width, d += V.Width)
        {
            for (int j = 0; j < W.Cells; j++)
                H.Input<V>(d + j * pixelPitch, rowPitch, half + j * V.Width, W.Cells * V.Width, half + (H.Regular * W.Cells + j) * V.Width);
            for (int i = 0; i < H.Regular; i++)
                W.Input<V>(half + i * W.Cells * V.Width, V.Width, cells + i * W.Regular * plane, plane, right + i * plane);
            if (H.Cells > H.Regular)
                W.Input<V>(half + H.Regular * W.Cells * V.Width, V.Width, bottom, plane, corner);
            cells += V.Width;
            right += V.Width;
            bottom += V.Width;
            corner += V.Width;
        }
    }
}
