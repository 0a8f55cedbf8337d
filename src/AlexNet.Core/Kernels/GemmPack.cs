using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>
/// Copies of matrix pieces in the order in which the micro-kernel reads them: A as [depth][12 rows], B as panels
/// [depth][32 columns]. The layouts are the same for every vector width, so packed weights can be kept.
/// </summary>
internal static unsafe class GemmPack
{
    /// <summary>Columns of a packed panel of B.</summary>
    internal const int PanelColumns = 32;

    /// <summary>Number of panels that hold <paramref name="columns"/> columns.</summary>
    internal static int Panels(int columns) => (columns + PanelColumns - 1) / PanelColumns;

    /// <summary>Floats of B, <paramref name="depth"/> × <paramref name="columns"/>, packed in panels.</summary>
    internal static long PackedLength(int depth, int columns) => (long)Panels(columns) * PanelColumns * depth;

    /// <summary>
    /// One panel from B stored by rows: target[k][j] = b[k·stride + j], columns beyond <paramref name="columns"/> zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PanelFromRows<V>(float* b, nint stride, int depth, int columns, float* target)
        where V : struct, ISimd<V>
    {
        if (columns < PanelColumns)
        {
            PartialPanelFromRows<float, FloatElement>(b, stride, depth, columns, target);
            return;
        }
        for (int k = 0; k < depth; k++, b += stride, target += PanelColumns)
        {
            for (int j = 0; j < PanelColumns; j += V.Width)
                V.Store(V.Load(b + j), target + j);
        }
    }

    /// <summary>
    /// Neighbouring panels from B stored by rows, row by row so that memory is read in its order:
    /// target[p][k][j] = b[k·stride + 32p + j].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void PanelsFromRows<V, T, E>(T* b, nint stride, int depth, int columns, float* target)
        where V : struct, ISimd<V>
        where T : unmanaged
        where E : IGemmElement<T>
    {
        nint panel = (nint)depth * PanelColumns;
        int whole = columns / PanelColumns * PanelColumns;
        for (int k = 0; k < depth; k++)
        {
            T* row = b + k * stride;
            float* place = target + k * PanelColumns;
            for (int p = 0; p < whole; p += PanelColumns, row += PanelColumns, place += panel)
            {
                for (int j = 0; j < PanelColumns; j += V.Width)
                    V.Store(E.Load<V>(row + j), place + j);
            }
        }
        if (whole < columns)
            PartialPanelFromRows<T, E>(b + whole, stride, depth, columns - whole, target + whole / PanelColumns * panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PartialPanelFromRows<T, E>(T* b, nint stride, int depth, int columns, float* target)
        where T : unmanaged
        where E : IGemmElement<T>
    {
        for (int k = 0; k < depth; k++, b += stride, target += PanelColumns)
        {
            for (int j = 0; j < columns; j++)
                target[j] = E.Value(b[j]);
            new Span<float>(target + columns, PanelColumns - columns).Clear();
        }
    }

    /// <summary>
    /// One panel from B stored by columns: target[k][j] = b[j·stride + k], columns beyond <paramref name="columns"/> zero.
    /// </summary>
    internal static void PanelFromColumns(float* b, nint stride, int depth, int columns, float* target) =>
        Transpose(b, stride, columns, depth, target, PanelColumns, PanelColumns);

    /// <summary>A tile of A stored by rows: target[k][r] = a[r·stride + k]; the places of absent rows are not written.</summary>
    internal static void TileFromRows(float* a, nint stride, int rows, int depth, float* target) =>
        Transpose(a, stride, rows, depth, target, GemmTile.MaxRows, 0);

    /// <summary>A tile of A stored by columns: target[k][r] = a[k·stride + r]; the places of absent rows are not written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TileFromColumns(float* a, nint stride, int rows, int depth, float* target)
    {
        for (int k = 0; k < depth; k++, a += stride, target += GemmTile.MaxRows)
        {
            if (rows == GemmTile.MaxRows)
            {
                Vector128.Store(Vector128.Load(a), target);
                Vector128.Store(Vector128.Load(a + 4), target + 4);
                Vector128.Store(Vector128.Load(a + 8), target + 8);
                continue;
            }
            for (int r = 0; r < rows; r++)
                target[r] = a[r];
        }
    }

    /// <summary>
    /// target[k·targetStride + r] = source[r·stride + k] for r below <paramref name="rows"/>, zero from there to
    /// <paramref name="padTo"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transpose(
        float* source, nint stride, int rows, int depth, float* target, nint targetStride, int padTo)
    {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
            TransposeFour(source + r * stride, stride, depth, target + r, targetStride);
        for (; r < rows; r++)
        {
            float* row = source + r * stride;
            for (int k = 0; k < depth; k++)
                target[k * targetStride + r] = row[k];
        }
        if (r >= padTo)
            return;
        for (int k = 0; k < depth; k++)
            new Span<float>(target + k * targetStride + r, padTo - r).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFour(float* source, nint stride, int depth, float* target, nint targetStride)
    {
        float* s1 = source + stride, s2 = s1 + stride, s3 = s2 + stride;
        int k = 0;
        for (; k + 4 <= depth; k += 4, target += 4 * targetStride)
        {
            Vector128<float> a = Vector128.Load(source + k), b = Vector128.Load(s1 + k);
            Vector128<float> c = Vector128.Load(s2 + k), d = Vector128.Load(s3 + k);
            Vector128<float> ac = ZipLow(a, c), bd = ZipLow(b, d);
            Vector128.Store(ZipLow(ac, bd), target);
            Vector128.Store(ZipHigh(ac, bd), target + targetStride);
            ac = ZipHigh(a, c);
            bd = ZipHigh(b, d);
            Vector128.Store(ZipLow(ac, bd), target + 2 * targetStride);
            Vector128.Store(ZipHigh(ac, bd), target + 3 * targetStride);
        }
        for (; k < depth; k++, target += targetStride)
        {
            target[0] = source[k];
            target[1] = s1[k];
            target[2] = s2[k];
            target[3] = s3[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
