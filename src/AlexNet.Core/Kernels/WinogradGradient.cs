using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// The transforms of dg = Gᵀ[(A dy Aᵀ) ⊙ (Bᵀ d B)]G, the gradient of y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A (<see cref="WinogradTransform"/>)
/// with respect to the filter g: A for the gradients of a tile's outputs, and at the end Gᵀ for the sums of all tiles.
/// </summary>
internal static unsafe class WinogradGradient
{
    private const int Panel = GemmPack.PanelColumns;

    /// <summary>
    /// A dy Aᵀ for 32 channels of a tile to the cells that <paramref name="target"/> names, <paramref name="plane"/> floats apart.
    /// </summary>
    internal static void Spread<V>(int taps, bool tall, bool wide, float* dy, nint rowPitch, nint pixelPitch, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
    {
        if (taps == 5)
            Spread<V, WinogradSpread8, WinogradSpread8>(dy, rowPitch, pixelPitch, target, plane);
        else if (tall)
            SpreadWide<V, WinogradSpread7>(wide, dy, rowPitch, pixelPitch, target, plane);
        else
            SpreadWide<V, WinogradSpread6>(wide, dy, rowPitch, pixelPitch, target, plane);
    }

    private static void SpreadWide<V, H>(bool wide, float* dy, nint rowPitch, nint pixelPitch, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
        where H : struct, IWinogradSpread
    {
        if (wide)
            Spread<V, H, WinogradSpread7>(dy, rowPitch, pixelPitch, target, plane);
        else
            Spread<V, H, WinogradSpread6>(dy, rowPitch, pixelPitch, target, plane);
    }

    // H is the line downwards, W the one to the right.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Spread<V, H, W>(float* dy, nint rowPitch, nint pixelPitch, in WinogradCursor target, nint plane)
        where V : struct, ISimd<V>
        where H : struct, IWinogradSpread
        where W : struct, IWinogradSpread
    {
        float* half = stackalloc float[8 * 5 * 16];
        float* cells = target.Cells, right = target.Right, bottom = target.Bottom, corner = target.Corner;
        for (int c = 0; c < Panel; c += V.Width)
        {
            for (int j = 0; j < W.Outputs; j++)
                H.Run<V>(dy + c + j * pixelPitch, rowPitch, half + j * V.Width, W.Outputs * V.Width, half + (H.Regular * W.Outputs + j) * V.Width);
            for (int i = 0; i < H.Regular; i++)
                W.Run<V>(half + i * W.Outputs * V.Width, V.Width, cells + c + i * W.Regular * plane, plane, right + c + i * plane);
            if (H.Cells > H.Regular)
                W.Run<V>(half + H.Regular * W.Outputs * V.Width, V.Width, bottom + c, plane, corner + c);
        }
    }

    /// <summary>
    /// Gᵀ m G for one vector of channels: the cells that a tile has in <paramref name="m"/>, row by row; the taps × taps results
    /// replace them.
    /// </summary>
    internal static void Gather<V>(int taps, bool tall, bool wide, float* m) where V : struct, ISimd<V>
    {
        if (taps == 5)
            Gather<V, WinogradSpread8, WinogradSpread8>(taps, m);
        else if (tall)
            GatherWide<V, WinogradSpread7>(wide, m);
        else
            GatherWide<V, WinogradSpread6>(wide, m);
    }

    private static void GatherWide<V, H>(bool wide, float* m)
        where V : struct, ISimd<V>
        where H : struct, IWinogradSpread
    {
        if (wide)
            Gather<V, H, WinogradSpread7>(3, m);
        else
            Gather<V, H, WinogradSpread6>(3, m);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Gather<V, H, W>(int taps, float* m)
        where V : struct, ISimd<V>
        where H : struct, IWinogradSpread
        where W : struct, IWinogradSpread
    {
        float* half = stackalloc float[5 * 8 * 16];
        for (int j = 0; j < W.Cells; j++)
            H.Gather<V>(m + j * V.Width, W.Cells * V.Width, half + j * V.Width, W.Cells * V.Width);
        for (int u = 0; u < taps; u++)
            W.Gather<V>(half + u * W.Cells * V.Width, V.Width, m + u * taps * V.Width, V.Width);
    }
}
