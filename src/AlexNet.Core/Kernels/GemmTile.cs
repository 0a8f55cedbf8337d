using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One micro-kernel call: D[r, j] = Σ A[r, k]·B[k, j] for up to 12 rows and two vectors of columns. Depth runs over
/// <see cref="Runs"/> pieces of <see cref="Depth"/> terms; A jumps between pieces (<see cref="RunOffsets"/>, in floats), B does not.
/// Each sum is one chain of fused multiply-adds from zero in the order of depth; it replaces what D holds or is added to it.
/// </summary>
internal unsafe struct GemmTile
{
    /// <summary>Largest number of rows of a tile.</summary>
    internal const int MaxRows = 12;

    internal float* A;
    internal nint RowStride;
    internal nint DepthStride;
    internal int Depth;
    internal int Runs;
    internal nint* RunOffsets;
    internal float* B;
    internal nint BStride;
    internal float* D;
    internal nint DStride;
    internal bool Add;

    /// <summary>A step of gradient descent instead: D = D − Rate · sum.</summary>
    internal bool Descend;
    internal float Rate;

    /// <summary>A cache line to bring to the second-level cache with each term of depth; need not be readable.</summary>
    internal float* Ahead;
    internal nint AheadStride;

    /// <summary>Floats from each of those lines to another one to bring; 0 for none.</summary>
    internal nint AheadPair;

    /// <summary>Runs the kernel for <paramref name="rows"/> rows and two vectors of columns (one where <paramref name="narrow"/>).</summary>
    internal static void Run<V>(int rows, bool narrow, ref GemmTile tile) where V : struct, ISimd<V>
    {
        if (narrow)
            Run<V, N1>(rows, ref tile);
        else
            Run<V, N2>(rows, ref tile);
    }

    private static void Run<V, C>(int rows, ref GemmTile tile)
        where V : struct, ISimd<V>
        where C : struct, ICount
    {
        switch (rows)
        {
            case 1: Multiply<V, N1, C>(ref tile); break;
            case 2: Multiply<V, N2, C>(ref tile); break;
            case 3: Multiply<V, N3, C>(ref tile); break;
            case 4: Multiply<V, N4, C>(ref tile); break;
            case 5: Multiply<V, N5, C>(ref tile); break;
            case 6: Multiply<V, N6, C>(ref tile); break;
            case 7: Multiply<V, N7, C>(ref tile); break;
            case 8: Multiply<V, N8, C>(ref tile); break;
            case 9: Multiply<V, N9, C>(ref tile); break;
            case 10: Multiply<V, N10, C>(ref tile); break;
            case 11: Multiply<V, N11, C>(ref tile); break;
            case 12: Multiply<V, N12, C>(ref tile); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<V, R, C>(ref GemmTile tile)
        where V : struct, ISimd<V>
        where R : struct, ICount
        where C : struct, ICount
    {
        nint rs = tile.RowStride * sizeof(float), ks = tile.DepthStride * sizeof(float);
        nint bs = tile.BStride * sizeof(float);
        byte* b = (byte*)tile.B;
        byte* d = (byte*)tile.D;
        nint ds = tile.DStride * sizeof(float);
        byte* ahead = (byte*)tile.Ahead;
        nint aheadStride = tile.AheadStride * sizeof(float), aheadPair = tile.AheadPair * sizeof(float);
        V x0 = V.Zero, x1 = V.Zero, x2 = V.Zero, x3 = V.Zero, x4 = V.Zero, x5 = V.Zero, x6 = V.Zero, x7 = V.Zero, x8 = V.Zero, x9 = V.Zero, x10 = V.Zero, x11 = V.Zero;
        V y0 = V.Zero, y1 = V.Zero, y2 = V.Zero, y3 = V.Zero, y4 = V.Zero, y5 = V.Zero, y6 = V.Zero, y7 = V.Zero, y8 = V.Zero, y9 = V.Zero, y10 = V.Zero, y11 = V.Zero;
        for (int run = 0; run < tile.Runs; run++)
        {
            byte* p0 = (byte*)(tile.A + (tile.RunOffsets == null ? 0 : tile.RunOffsets[run]));
            byte* p3 = p0 + 3 * rs, p6 = p0 + 6 * rs, p9 = p0 + 9 * rs;
            for (int depth = tile.Depth; depth > 0; depth--)
            {
                V v = V.Load((float*)b), w = C.Value > 1 ? V.Load((float*)b + V.Width) : V.Zero, a;
                if (R.Value > 0)
                {
                    a = V.Broadcast(*(float*)(p0));
                    x0 = V.Fma(a, v, x0);
                    if (C.Value > 1) y0 = V.Fma(a, w, y0);
                }
                if (R.Value > 1)
                {
                    a = V.Broadcast(*(float*)(p0 + rs));
                    x1 = V.Fma(a, v, x1);
                    if (C.Value > 1) y1 = V.Fma(a, w, y1);
                }
                if (R.Value > 2)
                {
                    a = V.Broadcast(*(float*)(p0 + 2 * rs));
                    x2 = V.Fma(a, v, x2);
                    if (C.Value > 1) y2 = V.Fma(a, w, y2);
                }
                if (R.Value > 3)
                {
                    a = V.Broadcast(*(float*)(p3));
                    x3 = V.Fma(a, v, x3);
                    if (C.Value > 1) y3 = V.Fma(a, w, y3);
                }
                if (R.Value > 4)
                {
                    a = V.Broadcast(*(float*)(p3 + rs));
                    x4 = V.Fma(a, v, x4);
                    if (C.Value > 1) y4 = V.Fma(a, w, y4);
                }
                if (R.Value > 5)
                {
                    a = V.Broadcast(*(float*)(p3 + 2 * rs));
                    x5 = V.Fma(a, v, x5);
                    if (C.Value > 1) y5 = V.Fma(a, w, y5);
                }
                if (R.Value > 6)
                {
                    a = V.Broadcast(*(float*)(p6));
                    x6 = V.Fma(a, v, x6);
                    if (C.Value > 1) y6 = V.Fma(a, w, y6);
                }
                if (R.Value > 7)
                {
                    a = V.Broadcast(*(float*)(p6 + rs));
                    x7 = V.Fma(a, v, x7);
                    if (C.Value > 1) y7 = V.Fma(a, w, y7);
                }
                if (R.Value > 8)
                {
                    a = V.Broadcast(*(float*)(p6 + 2 * rs));
                    x8 = V.Fma(a, v, x8);
                    if (C.Value > 1) y8 = V.Fma(a, w, y8);
                }
                if (R.Value > 9)
                {
                    a = V.Broadcast(*(float*)(p9));
                    x9 = V.Fma(a, v, x9);
                    if (C.Value > 1) y9 = V.Fma(a, w, y9);
                }
                if (R.Value > 10)
                {
                    a = V.Broadcast(*(float*)(p9 + rs));
                    x10 = V.Fma(a, v, x10);
                    if (C.Value > 1) y10 = V.Fma(a, w, y10);
                }
                if (R.Value > 11)
                {
                    a = V.Broadcast(*(float*)(p9 + 2 * rs));
                    x11 = V.Fma(a, v, x11);
                    if (C.Value > 1) y11 = V.Fma(a, w, y11);
                }
                Simd.Prefetch2((float*)ahead);
                Simd.Prefetch2((float*)(ahead + aheadPair));
                ahead += aheadStride;
                b += bs;
                p0 += ks;
                p3 += ks;
                p6 += ks;
                p9 += ks;
            }
        }
        if (tile.Add)
        {
            if (R.Value > 0) x0 = V.Add(V.Load((float*)(d + 0 * ds)), x0);
            if (R.Value > 0 && C.Value > 1) y0 = V.Add(V.Load((float*)(d + 0 * ds) + V.Width), y0);
            if (R.Value > 1) x1 = V.Add(V.Load((float*)(d + 1 * ds)), x1);
            if (R.Value > 1 && C.Value > 1) y1 = V.Add(V.Load((float*)(d + 1 * ds) + V.Width), y1);
            if (R.Value > 2) x2 = V.Add(V.Load((float*)(d + 2 * ds)), x2);
            if (R.Value > 2 && C.Value > 1) y2 = V.Add(V.Load((float*)(d + 2 * ds) + V.Width), y2);
            if (R.Value > 3) x3 = V.Add(V.Load((float*)(d + 3 * ds)), x3);
            if (R.Value > 3 && C.Value > 1) y3 = V.Add(V.Load((float*)(d + 3 * ds) + V.Width), y3);
            if (R.Value > 4) x4 = V.Add(V.Load((float*)(d + 4 * ds)), x4);
            if (R.Value > 4 && C.Value > 1) y4 = V.Add(V.Load((float*)(d + 4 * ds) + V.Width), y4);
            if (R.Value > 5) x5 = V.Add(V.Load((float*)(d + 5 * ds)), x5);
            if (R.Value > 5 && C.Value > 1) y5 = V.Add(V.Load((float*)(d + 5 * ds) + V.Width), y5);
            if (R.Value > 6) x6 = V.Add(V.Load((float*)(d + 6 * ds)), x6);
            if (R.Value > 6 && C.Value > 1) y6 = V.Add(V.Load((float*)(d + 6 * ds) + V.Width), y6);
            if (R.Value > 7) x7 = V.Add(V.Load((float*)(d + 7 * ds)), x7);
            if (R.Value > 7 && C.Value > 1) y7 = V.Add(V.Load((float*)(d + 7 * ds) + V.Width), y7);
            if (R.Value > 8) x8 = V.Add(V.Load((float*)(d + 8 * ds)), x8);
            if (R.Value > 8 && C.Value > 1) y8 = V.Add(V.Load((float*)(d + 8 * ds) + V.Width), y8);
            if (R.Value > 9) x9 = V.Add(V.Load((float*)(d + 9 * ds)), x9);
            if (R.Value > 9 && C.Value > 1) y9 = V.Add(V.Load((float*)(d + 9 * ds) + V.Width), y9);
            if (R.Value > 10) x10 = V.Add(V.Load((float*)(d + 10 * ds)), x10);
            if (R.Value > 10 && C.Value > 1) y10 = V.Add(V.Load((float*)(d + 10 * ds) + V.Width), y10);
            if (R.Value > 11) x11 = V.Add(V.Load((float*)(d + 11 * ds)), x11);
            if (R.Value > 11 && C.Value > 1) y11 = V.Add(V.Load((float*)(d + 11 * ds) + V.Width), y11);
        }
        if (tile.Descend)
        {
            V rate = V.Broadcast(tile.Rate);
            if (R.Value > 0) x0 = V.Sub(V.Load((float*)(d + 0 * ds)), V.Mul(rate, x0));
            if (R.Value > 0 && C.Value > 1) y0 = V.Sub(V.Load((float*)(d + 0 * ds) + V.Width), V.Mul(rate, y0));
            if (R.Value > 1) x1 = V.Sub(V.Load((float*)(d + 1 * ds)), V.Mul(rate, x1));
            if (R.Value > 1 && C.Value > 1) y1 = V.Sub(V.Load((float*)(d + 1 * ds) + V.Width), V.Mul(rate, y1));
            if (R.Value > 2) x2 = V.Sub(V.Load((float*)(d + 2 * ds)), V.Mul(rate, x2));
            if (R.Value > 2 && C.Value > 1) y2 = V.Sub(V.Load((float*)(d + 2 * ds) + V.Width), V.Mul(rate, y2));
            if (R.Value > 3) x3 = V.Sub(V.Load((float*)(d + 3 * ds)), V.Mul(rate, x3));
            if (R.Value > 3 && C.Value > 1) y3 = V.Sub(V.Load((float*)(d + 3 * ds) + V.Width), V.Mul(rate, y3));
            if (R.Value > 4) x4 = V.Sub(V.Load((float*)(d + 4 * ds)), V.Mul(rate, x4));
            if (R.Value > 4 && C.Value > 1) y4 = V.Sub(V.Load((float*)(d + 4 * ds) + V.Width), V.Mul(rate, y4));
            if (R.Value > 5) x5 = V.Sub(V.Load((float*)(d + 5 * ds)), V.Mul(rate, x5));
            if (R.Value > 5 && C.Value > 1) y5 = V.Sub(V.Load((float*)(d + 5 * ds) + V.Width), V.Mul(rate, y5));
            if (R.Value > 6) x6 = V.Sub(V.Load((float*)(d + 6 * ds)), V.Mul(rate, x6));
            if (R.Value > 6 && C.Value > 1) y6 = V.Sub(V.Load((float*)(d + 6 * ds) + V.Width), V.Mul(rate, y6));
            if (R.Value > 7) x7 = V.Sub(V.Load((float*)(d + 7 * ds)), V.Mul(rate, x7));
            if (R.Value > 7 && C.Value > 1) y7 = V.Sub(V.Load((float*)(d + 7 * ds) + V.Width), V.Mul(rate, y7));
            if (R.Value > 8) x8 = V.Sub(V.Load((float*)(d + 8 * ds)), V.Mul(rate, x8));
            if (R.Value > 8 && C.Value > 1) y8 = V.Sub(V.Load((float*)(d + 8 * ds) + V.Width), V.Mul(rate, y8));
            if (R.Value > 9) x9 = V.Sub(V.Load((float*)(d + 9 * ds)), V.Mul(rate, x9));
            if (R.Value > 9 && C.Value > 1) y9 = V.Sub(V.Load((float*)(d + 9 * ds) + V.Width), V.Mul(rate, y9));
            if (R.Value > 10) x10 = V.Sub(V.Load((float*)(d + 10 * ds)), V.Mul(rate, x10));
            if (R.Value > 10 && C.Value > 1) y10 = V.Sub(V.Load((float*)(d + 10 * ds) + V.Width), V.Mul(rate, y10));
            if (R.Value > 11) x11 = V.Sub(V.Load((float*)(d + 11 * ds)), V.Mul(rate, x11));
            if (R.Value > 11 && C.Value > 1) y11 = V.Sub(V.Load((float*)(d + 11 * ds) + V.Width), V.Mul(rate, y11));
        }
        if (R.Value > 0) V.Store(x0, (float*)(d + 0 * ds));
        if (R.Value > 0 && C.Value > 1) V.Store(y0, (float*)(d + 0 * ds) + V.Width);
        if (R.Value > 1) V.Store(x1, (float*)(d + 1 * ds));
        if (R.Value > 1 && C.Value > 1) V.Store(y1, (float*)(d + 1 * ds) + V.Width);
        if (R.Value > 2) V.Store(x2, (float*)(d + 2 * ds));
        if (R.Value > 2 && C.Value > 1) V.Store(y2, (float*)(d + 2 * ds) + V.Width);
        if (R.Value > 3) V.Store(x3, (float*)(d + 3 * ds));
        if (R.Value > 3 && C.Value > 1) V.Store(y3, (float*)(d + 3 * ds) + V.Width);
        if (R.Value > 4) V.Store(x4, (float*)(d + 4 * ds));
        if (R.Value > 4 && C.Value > 1) V.Store(y4, (float*)(d + 4 * ds) + V.Width);
        if (R.Value > 5) V.Store(x5, (float*)(d + 5 * ds));
        if (R.Value > 5 && C.Value > 1) V.Store(y5, (float*)(d + 5 * ds) + V.Width);
        if (R.Value > 6) V.Store(x6, (float*)(d + 6 * ds));
        if (R.Value > 6 && C.Value > 1) V.Store(y6, (float*)(d + 6 * ds) + V.Width);
        if (R.Value > 7) V.Store(x7, (float*)(d + 7 * ds));
        if (R.Value > 7 && C.Value > 1) V.Store(y7, (float*)(d + 7 * ds) + V.Width);
        if (R.Value > 8) V.Store(x8, (float*)(d + 8 * ds));
        if (R.Value > 8 && C.Value > 1) V.Store(y8, (float*)(d + 8 * ds) + V.Width);
        if (R.Value > 9) V.Store(x9, (float*)(d + 9 * ds));
        if (R.Value > 9 && C.Value > 1) V.Store(y9, (float*)(d + 9 * ds) + V.Width);
        if (R.Value > 10) V.Store(x10, (float*)(d + 10 * ds));
        if (R.Value > 10 && C.Value > 1) V.Store(y10, (float*)(d + 10 * ds) + V.Width);
        if (R.Value > 11) V.Store(x11, (float*)(d + 11 * ds));
        if (R.Value > 11 && C.Value > 1) V.Store(y11, (float*)(d + 11 * ds) + V.Width);
    }
}
