using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The transforms of Winograd's (Toom and Cook's) short convolutions: tiles of 6 × 6 for 3 × 3 taps with the points
/// 0, 1, −1, ½, −2, ∞ and of 8 × 8 for 5 × 5 taps with 0, ±1, ±½, ±2, ∞; both give 4 × 4 outputs. With M(x) = Π(x − p):
/// input Bᵀ: row p holds the coefficients of M(x) / (x − p), row ∞ those of M(x);
/// filter G: row p holds 1, p, p² … divided by M′(p), row ∞ takes the last coefficient;
/// output Aᵀ: row j holds p^j, the last row 1 for ∞.
/// Then y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A is the correlation of d with g. All constants of Bᵀ and Aᵀ are exact in binary.
/// On 48 channels the largest error is 2e−6 of the largest output for the small tile and 5e−6 for the large one (direct
/// summation: 1e−6).
/// </summary>
internal static unsafe class WinogradTransform
{
    /// <summary>Output pixels of a tile in each direction.</summary>
    internal const int Outputs = 4;

    private static readonly double[] s_points6 = [0, 1, -1, 0.5, -2];
    private static readonly double[] s_points8 = [0, 1, -1, 0.5, -0.5, 2, -2];

    /// <summary>Width and height of the tile for that many taps.</summary>
    internal static int Size(int taps) => Outputs + taps - 1;

    /// <summary>G for 3 or 5 taps: one row a point.</summary>
    internal static double[][] FilterMatrix(int taps)
    {
        double[] points = taps == 3 ? s_points6 : s_points8;
        double[][] g = new double[points.Length + 1][];
        for (int i = 0; i < points.Length; i++)
        {
            double derivative = 1;
            for (int j = 0; j < points.Length; j++)
                derivative *= i == j ? 1 : points[i] - points[j];
            g[i] = [.. Enumerable.Range(0, taps).Select(k => Math.Pow(points[i], k) / derivative)];
        }
        g[^1] = new double[taps];
        g[^1][^1] = 1;
        return g;
    }

    /// <summary>
    /// target[f·plane + c] = (Bᵀ d B)[f] for the tile d of size × size pixels; channels in whole vectors of any width.
    /// </summary>
    internal static void Input<V>(int size, float* d, nint rowPitch, nint pixelPitch, int channels, float* target, nint plane)
        where V : struct, ISimd<V>
    {
        if (size == 6)
            Input6<V>(d, rowPitch, pixelPitch, channels, target, plane);
        else
            Input8<V>(d, rowPitch, pixelPitch, channels, target, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Input6<V>(float* d, nint rowPitch, nint pixelPitch, int channels, float* target, nint plane)
        where V : struct, ISimd<V>
    {
        float* half = stackalloc float[6 * 6 * 16];
        for (int c = 0; c < channels; c += V.Width, d += V.Width, target += V.Width)
        {
            for (int j = 0; j < 6; j++)
                Line6<V>(d + j * pixelPitch, rowPitch, half + j * V.Width, 6 * V.Width);
            for (int i = 0; i < 6; i++)
                Line6<V>(half + i * 6 * V.Width, V.Width, target + i * 6 * plane, plane);
        }
    }

    // M(x) = x⁵ + 1.5x⁴ − 2x³ − 1.5x² + x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line6<V>(float* d, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Input8<V>(float* d, nint rowPitch, nint pixelPitch, int channels, float* target, nint plane)
        where V : struct, ISimd<V>
    {
        float* half = stackalloc float[8 * 8 * 16];
        for (int c = 0; c < channels; c += V.Width, d += V.Width, target += V.Width)
        {
            for (int j = 0; j < 8; j++)
                Line8<V>(d + j * pixelPitch, rowPitch, half + j * V.Width, 8 * V.Width);
            for (int i = 0; i < 8; i++)
                Line8<V>(half + i * 8 * V.Width, V.Width, target + i * 8 * plane, plane);
        }
    }

    // M(x) = x⁷ − 5.25x⁵ + 5.25x³ − x
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line8<V>(float* d, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
    {
        V d1 = V.Load(d + step), d2 = V.Load(d + 2 * step), d3 = V.Load(d + 3 * step);
        V d4 = V.Load(d + 4 * step), d5 = V.Load(d + 5 * step), d6 = V.Load(d + 6 * step);
        V outer = V.Broadcast(5.25f), half = V.Broadcast(0.5f), minus = V.Broadcast(-2.5f);
        V.Store(V.Fma(outer, V.Sub(d2, d4), V.Sub(d6, V.Load(d))), target);
        V even = V.Fnma(V.Broadcast(4.25f), d4, V.Add(d2, d6)), odd = V.Fnma(V.Broadcast(4.25f), d3, V.Add(d1, d5));
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        V middle = V.Mul(minus, d3);
        even = V.Fma(V.Broadcast(4f), d2, V.Fnma(V.Broadcast(5f), d4, d6));
        odd = V.Fma(V.Broadcast(2f), d1, V.Fma(half, d5, middle));
        V.Store(V.Add(even, odd), target + 3 * targetStep);
        V.Store(V.Sub(even, odd), target + 4 * targetStep);
        even = V.Fma(V.Broadcast(0.25f), d2, V.Fnma(V.Broadcast(1.25f), d4, d6));
        odd = V.Fma(half, d1, V.Fma(V.Broadcast(2f), d5, middle));
        V.Store(V.Add(even, odd), target + 5 * targetStep);
        V.Store(V.Sub(even, odd), target + 6 * targetStep);
        V.Store(V.Fma(outer, V.Sub(d3, d5), V.Sub(V.Load(d + 7 * step), d1)), target + 7 * targetStep);
    }
}
