using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One direction of the transforms of <see cref="WinogradGradient"/>, the transposes of those of the output and of the filter. A y: the
/// outputs of a tile as a polynomial at the points, and its last coefficient at ∞. Gᵀ m: with s = m / M′(p), the sums Σ s·pᵘ.
/// </summary>
internal unsafe interface IWinogradSpread
{
    static abstract int Outputs { get; }

    static abstract int Regular { get; }

    static abstract int Cells { get; }

    /// <summary>target = A y; the cell that only longer tiles have goes to <paramref name="extra"/>.</summary>
    static abstract void Run<V>(float* y, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>;

    /// <summary>target = Gᵀ m.</summary>
    static abstract void Gather<V>(float* m, nint step, float* target, nint targetStep) where V : struct, ISimd<V>;
}

/// <summary>4 outputs at 0, 1, −1, ½, −2, ∞.</summary>
internal readonly unsafe struct WinogradSpread6 : IWinogradSpread
{
    public static int Outputs => 4;

    public static int Regular => 6;

    public static int Cells => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(float* y, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
    {
        V y0 = V.Load(y), y1 = V.Load(y + step), y2 = V.Load(y + 2 * step), y3 = V.Load(y + 3 * step);
        V even = V.Add(y0, y2), odd = V.Add(y1, y3);
        V.Store(y0, target);
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        V.Store(V.Fma(V.Broadcast(0.125f), y3, V.Fma(V.Broadcast(0.25f), y2, V.Fma(V.Broadcast(0.5f), y1, y0))), target + 3 * targetStep);
        V.Store(V.Fnma(V.Broadcast(8f), y3, V.Fma(V.Broadcast(4f), y2, V.Fnma(V.Broadcast(2f), y1, y0))), target + 4 * targetStep);
        V.Store(y3, target + 5 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather<V>(float* m, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
    {
        V third = V.Broadcast(1f / 3f), m1 = V.Load(m + step), m2 = V.Load(m + 2 * step);
        V even = V.Mul(third, V.Sub(m1, m2)), odd = V.Mul(third, V.Add(m1, m2));
        V half = V.Mul(V.Broadcast(-16f / 15f), V.Load(m + 3 * step)), two = V.Mul(V.Broadcast(1f / 15f), V.Load(m + 4 * step));
        V.Store(V.Add(V.Add(V.Load(m), even), V.Add(half, two)), target);
        V.Store(V.Fnma(V.Broadcast(2f), two, V.Fma(V.Broadcast(0.5f), half, odd)), target + targetStep);
        V last = V.Add(even, V.Load(m + 5 * step));
        V.Store(V.Fma(V.Broadcast(4f), two, V.Fma(V.Broadcast(0.25f), half, last)), target + 2 * targetStep);
    }
}

/// <summary>5 outputs at 0, 1, −1, ½, −2, ∞ and, extra, 2.</summary>
internal readonly unsafe struct WinogradSpread7 : IWinogradSpread
{
    public static int Outputs => 5;

    public static int Regular => 6;

    public static int Cells => 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(float* y, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
    {
        V y0 = V.Load(y), y1 = V.Load(y + step), y2 = V.Load(y + 2 * step), y3 = V.Load(y + 3 * step), y4 = V.Load(y + 4 * step);
        V even = V.Add(V.Add(y0, y2), y4), odd = V.Add(y1, y3);
        V.Store(y0, target);
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        V half = V.Fma(V.Broadcast(0.0625f), y4, V.Fma(V.Broadcast(0.25f), y2, y0));
        V.Store(V.Fma(V.Broadcast(0.125f), y3, V.Fma(V.Broadcast(0.5f), y1, half)), target + 3 * targetStep);
        even = V.Fma(V.Broadcast(16f), y4, V.Fma(V.Broadcast(4f), y2, y0));
        odd = V.Fma(V.Broadcast(8f), y3, V.Mul(V.Broadcast(2f), y1));
        V.Store(V.Sub(even, odd), target + 4 * targetStep);
        V.Store(y4, target + 5 * targetStep);
        V.Store(V.Add(even, odd), extra);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather<V>(float* m, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
    {
        V third = V.Broadcast(1f / 3f), m1 = V.Load(m + step), m2 = V.Load(m + 2 * step);
        V even = V.Mul(third, V.Sub(m1, m2)), odd = V.Mul(third, V.Add(m1, m2));
        V half = V.Mul(V.Broadcast(-16f / 15f), V.Load(m + 3 * step));
        V minus = V.Mul(V.Broadcast(1f / 15f), V.Load(m + 4 * step)), plus = V.Mul(V.Broadcast(1f / 36f), V.Load(m + 6 * step));
        V outer = V.Add(plus, minus);
        V.Store(V.Add(V.Add(V.Load(m), even), V.Add(half, outer)), target);
        V.Store(V.Fma(V.Broadcast(2f), V.Sub(plus, minus), V.Fma(V.Broadcast(0.5f), half, odd)), target + targetStep);
        V last = V.Add(even, V.Load(m + 5 * step));
        V.Store(V.Fma(V.Broadcast(4f), outer, V.Fma(V.Broadcast(0.25f), half, last)), target + 2 * targetStep);
    }
}

/// <summary>4 outputs at 0, ±1, ±½, ±2, ∞.</summary>
internal readonly unsafe struct WinogradSpread8 : IWinogradSpread
{
    public static int Outputs => 4;

    public static int Regular => 8;

    public static int Cells => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V>(float* y, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>
    {
        V y0 = V.Load(y), y1 = V.Load(y + step), y2 = V.Load(y + 2 * step), y3 = V.Load(y + 3 * step);
        V even = V.Add(y0, y2), odd = V.Add(y1, y3);
        V.Store(y0, target);
        V.Store(V.Add(even, odd), target + targetStep);
        V.Store(V.Sub(even, odd), target + 2 * targetStep);
        even = V.Fma(V.Broadcast(0.25f), y2, y0);
        odd = V.Fma(V.Broadcast(0.125f), y3, V.Mul(V.Broadcast(0.5f), y1));
        V.Store(V.Add(even, odd), target + 3 * targetStep);
        V.Store(V.Sub(even, odd), target + 4 * targetStep);
        even = V.Fma(V.Broadcast(4f), y2, y0);
        odd = V.Fma(V.Broadcast(8f), y3, V.Mul(V.Broadcast(2f), y1));
        V.Store(V.Add(even, odd), target + 5 * targetStep);
        V.Store(V.Sub(even, odd), target + 6 * targetStep);
        V.Store(y3, target + 7 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Gather<V>(float* m, nint step, float* target, nint targetStep) where V : struct, ISimd<V>
    {
        V m1 = V.Load(m + step), m2 = V.Load(m + 2 * step), m3 = V.Load(m + 3 * step), m4 = V.Load(m + 4 * step);
        V m5 = V.Load(m + 5 * step), m6 = V.Load(m + 6 * step);
        V one = V.Broadcast(-2f / 9f), half = V.Broadcast(32f / 45f), two = V.Broadcast(1f / 90f);
        V even1 = V.Mul(one, V.Add(m1, m2)), odd1 = V.Mul(one, V.Sub(m1, m2));
        V even2 = V.Mul(half, V.Add(m3, m4)), odd2 = V.Mul(half, V.Sub(m3, m4));
        V even3 = V.Mul(two, V.Add(m5, m6)), odd3 = V.Mul(two, V.Sub(m5, m6));
        V.Store(V.Add(V.Sub(even1, V.Load(m)), V.Add(even2, even3)), target);
        V.Store(V.Fma(V.Broadcast(2f), odd3, V.Fma(V.Broadcast(0.5f), odd2, odd1)), target + targetStep);
        V.Store(V.Fma(V.Broadcast(4f), even3, V.Fma(V.Broadcast(0.25f), even2, even1)), target + 2 * targetStep);
        V.Store(V.Fma(V.Broadcast(8f), odd3, V.Fma(V.Broadcast(0.125f), odd2, odd1)), target + 3 * targetStep);
        V last = V.Add(even1, V.Load(m + 7 * step));
        V.Store(V.Fma(V.Broadcast(16f), even3, V.Fma(V.Broadcast(0.0625f), even2, last)), target + 4 * targetStep);
    }
}
