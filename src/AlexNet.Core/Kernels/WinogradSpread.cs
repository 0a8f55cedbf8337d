using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One direction of A y, the transpose of the output transform (see <see cref="IWinogradLine"/>): the outputs of a tile as a
/// polynomial at the points, and its last coefficient at ∞.
/// </summary>
internal unsafe interface IWinogradSpread
{
    static abstract int Outputs { get; }

    static abstract int Regular { get; }

    static abstract int Cells { get; }

    /// <summary>target = A y; the cell that only longer tiles have goes to <paramref name="extra"/>.</summary>
    static abstract void Run<V>(float* y, nint step, float* target, nint targetStep, float* extra) where V : struct, ISimd<V>;
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
}
