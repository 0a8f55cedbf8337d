using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>Vector widths that the kernels can run with.</summary>
internal enum VectorWidth
{
    V128 = 128,
    V256 = 256,
    V512 = 512,
}

/// <summary>
/// A vector of floats as a type argument: a kernel is written once over <typeparamref name="TSelf"/> and the JIT
/// leaves nothing of the wrapper. Lanes never mix, so a kernel that gives each output one lane and one chain of
/// operations has the same bits in every width.
/// </summary>
internal unsafe interface ISimd<TSelf> where TSelf : struct, ISimd<TSelf>
{
    /// <summary>Number of floats.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the matrix micro-kernel whose accumulators (two vectors a row) fit in the registers.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Zero { get; }
    static abstract TSelf Load(float* p);

    /// <summary>Signed bytes as floats.</summary>
    static abstract TSelf LoadBytes(sbyte* p);
    static abstract void Store(TSelf v, float* p);

    /// <summary>Stores past the caches where the hardware can; <paramref name="p"/> is aligned to the vector.</summary>
    static abstract void StoreStreaming(TSelf v, float* p);
    static abstract TSelf Broadcast(float x);
    static abstract TSelf Add(TSelf a, TSelf b);
    static abstract TSelf Sub(TSelf a, TSelf b);
    static abstract TSelf Mul(TSelf a, TSelf b);

    /// <summary>IEEE division; never an estimate.</summary>
    static abstract TSelf Div(TSelf a, TSelf b);

    /// <summary>IEEE square root; never an estimate.</summary>
    static abstract TSelf Sqrt(TSelf a);

    /// <summary>a·b + c with one rounding (two where the hardware has no fused multiply-add).</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    /// <summary>c − a·b with one rounding (two where the hardware has no fused multiply-add).</summary>
    static abstract TSelf Fnma(TSelf a, TSelf b, TSelf c);

    /// <summary>a &gt; b ? a : b, so b where either is NaN. Relu(x) = Max(0, x) keeps NaN.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>a &lt; b ? a : b, so b where either is NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>All bits of a lane set where a &gt; b; false for NaN.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>All bits of a lane set where a = b; false for NaN.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>mask ? a : b, by bits.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);
    static abstract TSelf And(TSelf a, TSelf b);
    static abstract TSelf Or(TSelf a, TSelf b);
    static abstract TSelf Abs(TSelf a);

    /// <summary>Whether any lane is NaN or infinite.</summary>
    static abstract bool AnyNonFinite(TSelf a);

    /// <summary>Whether any bit of any lane is set (any lane of a comparison is true).</summary>
    static abstract bool Any(TSelf mask);
}

/// <summary>Which vector width the kernels use, and the scalar forms of <see cref="ISimd{TSelf}"/>'s operations.</summary>
internal static class Simd
{
    /// <summary>The widest vector that the hardware has.</summary>
    internal static readonly VectorWidth Hardware =
        Vector512.IsHardwareAccelerated ? VectorWidth.V512
        : Vector256.IsHardwareAccelerated ? VectorWidth.V256
        : VectorWidth.V128;

    /// <summary>
    /// The width that kernels use. Tests set it; a width that the hardware lacks runs as two halves, with the same bits.
    /// </summary>
    internal static VectorWidth Width { get; set; } = Hardware;

    /// <summary>Whether a·b + c has one rounding. Without it results are correct but their bits may differ.</summary>
    internal static bool HasFma => System.Runtime.Intrinsics.X86.Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>a·b + c as one lane of <see cref="ISimd{TSelf}.Fma"/>.</summary>
    internal static float Fma(float a, float b, float c) =>
        HasFma ? MathF.FusedMultiplyAdd(a, b, c) : a * b + c;

    /// <summary>c − a·b as one lane of <see cref="ISimd{TSelf}.Fnma"/>.</summary>
    internal static float Fnma(float a, float b, float c) =>
        HasFma ? MathF.FusedMultiplyAdd(-a, b, c) : c - a * b;

    /// <summary>One lane of <see cref="ISimd{TSelf}.Max"/>.</summary>
    internal static float Max(float a, float b) => a > b ? a : b;

    /// <summary>One lane of <see cref="ISimd{TSelf}.Min"/>.</summary>
    internal static float Min(float a, float b) => a < b ? a : b;

    /// <summary>Asks for the cache line at <paramref name="p"/>; any address is allowed.</summary>
    internal static unsafe void Prefetch(float* p)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(p);
    }

    /// <summary>As <see cref="Prefetch"/>, into the second-level cache only.</summary>
    internal static unsafe void Prefetch2(float* p)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(p);
    }
}
