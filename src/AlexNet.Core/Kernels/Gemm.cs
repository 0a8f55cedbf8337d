namespace AlexNetTF.Kernels;

/// <summary>
/// Sizes of C[m, n] = op(A)[m, k] · op(B)[k, n], all stored by rows. A is m × k, or k × m if
/// <see cref="TransposeA"/>; B is k × n, or n × k if <see cref="TransposeB"/>. Leading dimensions count floats and
/// default to the row length.
/// </summary>
internal readonly struct GemmShape
{
    internal GemmShape(
        int m, int n, int k, bool transposeA = false, bool transposeB = false, int lda = 0, int ldb = 0, int ldc = 0)
    {
        M = m;
        N = n;
        K = k;
        TransposeA = transposeA;
        TransposeB = transposeB;
        Lda = lda != 0 ? lda : transposeA ? m : k;
        Ldb = ldb != 0 ? ldb : transposeB ? k : n;
        Ldc = ldc != 0 ? ldc : n;
    }

    internal int M { get; }

    internal int N { get; }

    internal int K { get; }

    internal bool TransposeA { get; }

    internal bool TransposeB { get; }

    internal int Lda { get; }

    internal int Ldb { get; }

    internal int Ldc { get; }
}

/// <summary>
/// Matrix products. <c>Gemm.Run(shape, a, b, c, epilogue, threads)</c>; needs no workspace and allocates nothing.
/// The sum of each element is cut into blocks of <see cref="DepthBlock"/> terms; each is one chain of fused multiply-adds from
/// zero, s = fma(a[k], b[k], s), and the blocks' sums are added in order. That holds whatever the path, the threads, the
/// vector width or the other rows: a row has the same bits alone and among others. (One chain over all of a depth of
/// thousands would lose another decimal.)
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Terms of a partial sum.</summary>
    internal const int DepthBlock = 256;

    // With more rows of A than this, transposing B while packing it is cheaper than turning the result.
    private const int TurnRows = 96;

    internal static void Run(
        in GemmShape shape, float* a, float* b, float* c, in GemmEpilogue epilogue = default, int threads = 0)
    {
        if (shape.M == 0 || shape.N == 0)
            return;
        if (!shape.TransposeB && shape.M == 1)
            GemmStream.Run<float, FloatElement>(shape, a, b, c, epilogue, threads);
        else if (!shape.TransposeB && shape.M <= GemmSweep.MaxRows)
            GemmSweep.Run<float, FloatElement>(shape, a, b, c, epilogue, threads);
        else if (shape.TransposeB && shape.M <= TurnRows)
            GemmTurned.Run(shape, a, b, c, epilogue, threads);
        else if (GemmOuter.Suits(shape))
            GemmOuter.Run(shape, a, b, c, epilogue, threads);
        else
            GemmBlocked.Run<float, FloatElement>(shape, a, b, c, epilogue, threads);
    }
    /// <summary>
    /// The product with a matrix of bytes, B[k, j] = <see cref="GemmEpilogue.Scale"/>[j] · b[k, j]: the sums are those of b, in the
    /// order above, and the epilogue scales them.
    /// </summary>
    internal static void Run(in GemmShape shape, float* a, sbyte* b, float* c, in GemmEpilogue epilogue, int threads = 0)
    {
        if (shape.M == 0 || shape.N == 0)
            return;
        if (shape.M == 1)
            GemmStream.Run<sbyte, ByteElement>(shape, a, b, c, epilogue, threads);
        else if (shape.M <= GemmSweep.MaxRows)
            GemmSweep.Run<sbyte, ByteElement>(shape, a, b, c, epilogue, threads);
        else
            GemmBlocked.Run<sbyte, ByteElement>(shape, a, b, c, epilogue, threads);
    }
}
