using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One direction of the transforms for one length of tile (see <see cref="WinogradTransform"/>). The first <see cref="Regular"/> cells
/// are a constant step apart; a tile of 7 has one more, for the point that only it has, in a place of its own.
/// </summary>
internal unsafe interface IWinogradLine
{
    static abstract int Outputs { get; }

    static abstract int Regular { get; }

    static abstract int Cells { get; }

    /// <summary>target = Bᵀ d.</summary>
    static abstract void Input<V>(float* d, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>;

    /// <summary>Aᵀ m.</summary>
    static abstract WinogradOutputs<V> Output<V>(float* m, nint step, float* extra) where V : struct, ISimd<V>;
}

/// <summary>Three to five vectors of outputs; the rest is zero.</summary>
internal readonly struct WinogradOutputs<V>(V y0, V y1, V y2, V y3, V y4) where V : struct, ISimd<V>
{
    internal readonly V Y0 = y0, Y1 = y1, Y2 = y2, Y3 = y3, Y4 = y4;
}

/// <summary>4 outputs of 3 taps, points 0, 1, −1, ½, −2, ∞: M(x) = x⁵ + 1.5x⁴ − 2x³ − 1.5x² + x.</summary>
internal readonly unsafe struct WinogradLine6 : IWinogradLine
{
    public static int Outputs => 4;

    public static int Regular => 6;

    public static int Cells => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<V>(float* d, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradOutputs<V> Output<V>(float* m, nint step, float* extra) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V sum = V.Add(m1, m2), difference = V.Sub(m1, m2);
        return new WinogradOutputs<V>(
            V.Add(V.Add(V.Load(m), sum), V.Add(m3, m4)),
            V.Fnma(V.Broadcast(2f), m4, V.Fma(V.Broadcast(0.5f), m3, difference)),
            V.Fma(V.Broadcast(4f), m4, V.Fma(V.Broadcast(0.25f), m3, sum)),
            V.Fnma(V.Broadcast(8f), m4, V.Fma(V.Broadcast(0.125f), m3, V.Add(difference, V.Load(m + 5 * step)))),
            V.Zero);
    }
}

/// <summary>
/// 5 outputs of 3 taps: the points of 6 and, as the extra one, 2. M(x) = x⁶ − ½x⁵ − 5x⁴ + 2.5x³ + 4x² − 2x. The first cells meet
/// the same filter values as a tile of 6: their rows of Bᵀ carry the factor 1 / (p − 2) that its filter lacks.
/// </summary>
internal readonly unsafe struct WinogradLine7 : IWinogradLine
{
    public static int Outputs => 5;

    public static int Regular => 6;

    public static int Cells => 7;

    // With R(x) = (x − ½)(x² − 4) and Q(x) = x(x² − 1)(x − ½): s holds −xR, t x²R, u Q, v xQ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<V>(float* d, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
    {
        V half = V.Broadcast(0.5f), two = V.Broadcast(2f), four = V.Broadcast(4f);
        V d1 = V.Load(d + step), d2 = V.Load(d + 2 * step), d3 = V.Load(d + 3 * step), d4 = V.Load(d + 4 * step), d5 = V.Load(d + 5 * step);
        V s = V.Fnma(two, d1, V.Fma(four, d2, V.Fma(half, d3, V.Sub(V.Zero, d4))));
        V t = V.Fma(two, d2, V.Fnma(four, d3, V.Fnma(half, d4, d5)));
        V first = V.Fma(half, d3, V.Fnma(V.Broadcast(0.25f), d2, V.Fnma(two, d1, V.Load(d))));
        V.Store(V.Fnma(half, t, first), target);
        V.Store(V.Sub(s, t), target + targetStep);
        V.Store(V.Mul(V.Broadcast(-1f / 3f), V.Add(s, t)), target + 2 * targetStep);
        V middle = V.Fnma(four, d1, V.Fma(V.Broadcast(5f), d3, V.Sub(V.Zero, d5)));
        V.Store(V.Mul(V.Broadcast(2f / 3f), middle), target + 3 * targetStep);
        V u = V.Fma(half, V.Sub(d1, d3), V.Sub(d4, d2)), v = V.Fma(half, V.Sub(d2, d4), V.Sub(d5, d3));
        V.Store(V.Fnma(V.Broadcast(0.25f), v, V.Mul(half, u)), target + 4 * targetStep);
        V last = V.Fma(two, d3, V.Fnma(four, d4, V.Fnma(half, d5, V.Load(d + 6 * step))));
        V.Store(V.Add(last, s), target + 5 * targetStep);
        V.Store(V.Fma(two, u, v), extra);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradOutputs<V> Output<V>(float* m, nint step, float* extra) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step), m6 = V.Load(extra);
        V sum = V.Add(m1, m2), difference = V.Sub(m1, m2), outerSum = V.Add(m6, m4), outerDifference = V.Sub(m6, m4);
        return new WinogradOutputs<V>(
            V.Add(V.Add(V.Load(m), sum), V.Add(m3, outerSum)),
            V.Fma(V.Broadcast(2f), outerDifference, V.Fma(V.Broadcast(0.5f), m3, difference)),
            V.Fma(V.Broadcast(4f), outerSum, V.Fma(V.Broadcast(0.25f), m3, sum)),
            V.Fma(V.Broadcast(8f), outerDifference, V.Fma(V.Broadcast(0.125f), m3, difference)),
            V.Fma(V.Broadcast(16f), outerSum, V.Fma(V.Broadcast(0.0625f), m3, V.Add(sum, V.Load(m + 5 * step)))));
    }
}

/// <summary>4 outputs of 5 taps, points 0, ±1, ±½, ±2, ∞: M(x) = x⁷ − 5.25x⁵ + 5.25x³ − x.</summary>
internal readonly unsafe struct WinogradLine8 : IWinogradLine
{
    public static int Outputs => 4;

    public static int Regular => 8;

    public static int Cells => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<V>(float* d, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradOutputs<V> Output<V>(float* m, nint step, float* extra) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V m5 = V.Load(m + 5 * step), m6 = V.Load(m + 6 * step);
        V sum1 = V.Add(m1, m2), sum2 = V.Add(m3, m4), sum3 = V.Add(m5, m6);
        V difference1 = V.Sub(m1, m2), difference2 = V.Sub(m3, m4), difference3 = V.Sub(m5, m6);
        return new WinogradOutputs<V>(
            V.Add(V.Add(V.Load(m), sum1), V.Add(sum2, sum3)),
            V.Fma(V.Broadcast(2f), difference3, V.Fma(V.Broadcast(0.5f), difference2, difference1)),
            V.Fma(V.Broadcast(4f), sum3, V.Fma(V.Broadcast(0.25f), sum2, sum1)),
            V.Fma(V.Broadcast(8f), difference3, V.Fma(V.Broadcast(0.125f), difference2, V.Add(difference1, V.Load(m + 7 * step)))),
            V.Zero);
    }
}

/// <summary>
/// 3 outputs of 5 taps, points 0, ±1, ±½, −2, ∞: M(x) = (x + 2)P(x) with P(x) = x⁵ − 1.25x³ + 0.25x. The factor x + 2 is applied
/// first: e holds its products with d.
/// </summary>
internal readonly unsafe struct WinogradLine7Of5 : IWinogradLine
{
    public static int Outputs => 3;

    public static int Regular => 7;

    public static int Cells => 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<V>(float* d, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
    {
        V quarter = V.Broadcast(0.25f), half = V.Broadcast(0.5f), outer = V.Broadcast(1.25f), two = V.Broadcast(2f);
        V d1 = V.Load(d + step), d2 = V.Load(d + 2 * step), d3 = V.Load(d + 3 * step);
        V d4 = V.Load(d + 4 * step), d5 = V.Load(d + 5 * step);
        V e0 = V.Fma(two, V.Load(d), d1), e1 = V.Fma(two, d1, d2), e2 = V.Fma(two, d2, d3), e3 = V.Fma(two, d3, d4);
        V e4 = V.Fma(two, d4, d5), e5 = V.Fma(two, d5, V.Load(d + 6 * step));
        V.Store(V.Fnma(outer, e2, V.Fma(quarter, e0, e4)), target);
        V even = V.Fnma(quarter, e2, e4), odd = V.Fnma(quarter, e1, e3);
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        even = V.Sub(e4, e2);
        odd = V.Sub(e3, e1);
        V.Store(V.Fma(half, odd, even), target + 3 * targetStep);
        V.Store(V.Fnma(half, odd, even), target + 4 * targetStep);
        V.Store(V.Fnma(outer, d3, V.Fma(quarter, d1, d5)), target + 5 * targetStep);
        V.Store(V.Fnma(outer, e3, V.Fma(quarter, e1, e5)), target + 6 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WinogradOutputs<V> Output<V>(float* m, nint step, float* extra) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step), m5 = V.Load(m + 5 * step);
        V sum1 = V.Add(m1, m2), sum2 = V.Add(m3, m4), difference1 = V.Sub(m1, m2), difference2 = V.Sub(m3, m4);
        return new WinogradOutputs<V>(
            V.Add(V.Add(V.Load(m), sum1), V.Add(sum2, m5)),
            V.Fnma(V.Broadcast(2f), m5, V.Fma(V.Broadcast(0.5f), difference2, difference1)),
            V.Fma(V.Broadcast(4f), m5, V.Fma(V.Broadcast(0.25f), sum2, V.Add(sum1, V.Load(m + 6 * step)))),
            V.Zero,
            V.Zero);
    }
}
