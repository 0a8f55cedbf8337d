using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>4 floats in a <see cref="Vector128{T}"/>.</summary>
internal readonly struct V128(Vector128<float> value) : ISimd<V128>
{
    private readonly Vector128<float> _v = value;

    internal Vector128<float> Value => _v;

    public static int Width => 4;

    public static int TileRows => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 12 : 6;

    public static V128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V128 LoadBytes(sbyte* p) => new(Sse41.IsSupported
        ? Sse2.ConvertToVector128Single(Sse41.ConvertToVector128Int32(p))
        : Vector128.Create(p[0], p[1], p[2], (float)p[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(V128 v, float* p) => Vector128.Store(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreStreaming(V128 v, float* p) => Vector128.StoreAlignedNonTemporal(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Broadcast(float x) => new(Vector128.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Add(V128 a, V128 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sub(V128 a, V128 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Mul(V128 a, V128 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Div(V128 a, V128 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 a) => new(Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Fma(V128 a, V128 b, V128 c) =>
        new(Simd.HasFma ? Vector128.FusedMultiplyAdd(a._v, b._v, c._v) : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Fnma(V128 a, V128 b, V128 c) =>
        new(Simd.HasFma ? Vector128.FusedMultiplyAdd(-a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 a, V128 b) =>
        new(Sse.IsSupported ? Sse.Max(a._v, b._v) : Vector128.ConditionalSelect(Vector128.GreaterThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 a, V128 b) =>
        new(Sse.IsSupported ? Sse.Min(a._v, b._v) : Vector128.ConditionalSelect(Vector128.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Greater(V128 a, V128 b) => new(Vector128.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Equal(V128 a, V128 b) => new(Vector128.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Select(V128 mask, V128 a, V128 b) => new(Vector128.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 And(V128 a, V128 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Or(V128 a, V128 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Abs(V128 a) => new(Vector128.Abs(a._v));

    // |a| as an integer reaches 0x7F800000 exactly for infinities and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyNonFinite(V128 a) =>
        Vector128.GreaterThanOrEqualAny(Vector128.Abs(a._v).AsInt32(), Vector128.Create(0x7F800000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V128 mask) => mask._v.AsInt32() != Vector128<int>.Zero;
}
