using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>8 floats in a <see cref="Vector256{T}"/>.</summary>
internal readonly struct V256(Vector256<float> value) : ISimd<V256>
{
    private readonly Vector256<float> _v = value;

    internal Vector256<float> Value => _v;

    public static int Width => 8;

    public static int TileRows => Avx512F.VL.IsSupported ? 12 : 6;

    public static V256 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V256 LoadBytes(sbyte* p) => new(Avx2.IsSupported
        ? Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(p))
        : Vector256.Create(V128.LoadBytes(p).Value, V128.LoadBytes(p + 4).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(V256 v, float* p) => Vector256.Store(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreStreaming(V256 v, float* p) => Vector256.StoreAlignedNonTemporal(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float x) => new(Vector256.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Add(V256 a, V256 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sub(V256 a, V256 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Mul(V256 a, V256 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Div(V256 a, V256 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 a) => new(Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Fma(V256 a, V256 b, V256 c) =>
        new(Simd.HasFma ? Vector256.FusedMultiplyAdd(a._v, b._v, c._v) : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Fnma(V256 a, V256 b, V256 c) =>
        new(Simd.HasFma ? Vector256.FusedMultiplyAdd(-a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 a, V256 b) =>
        new(Avx.IsSupported ? Avx.Max(a._v, b._v) : Vector256.ConditionalSelect(Vector256.GreaterThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 a, V256 b) =>
        new(Avx.IsSupported ? Avx.Min(a._v, b._v) : Vector256.ConditionalSelect(Vector256.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Greater(V256 a, V256 b) => new(Vector256.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Equal(V256 a, V256 b) => new(Vector256.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Select(V256 mask, V256 a, V256 b) => new(Vector256.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 And(V256 a, V256 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Or(V256 a, V256 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Abs(V256 a) => new(Vector256.Abs(a._v));

    // |a| as an integer reaches 0x7F800000 exactly for infinities and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyNonFinite(V256 a) =>
        Vector256.GreaterThanOrEqualAny(Vector256.Abs(a._v).AsInt32(), Vector256.Create(0x7F800000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V256 mask) => mask._v.AsInt32() != Vector256<int>.Zero;
}
