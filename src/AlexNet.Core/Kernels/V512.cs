using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>16 floats in a <see cref="Vector512{T}"/>.</summary>
internal readonly struct V512(Vector512<float> value) : ISimd<V512>
{
    private readonly Vector512<float> _v = value;

    public static int Width => 16;

    public static int TileRows => 12;

    public static V512 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V512 LoadBytes(sbyte* p) => new(Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(p)))
        : Vector512.Create(V256.LoadBytes(p).Value, V256.LoadBytes(p + 8).Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store(V512 v, float* p) => Vector512.Store(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StoreStreaming(V512 v, float* p) => Vector512.StoreAlignedNonTemporal(v._v, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Broadcast(float x) => new(Vector512.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Add(V512 a, V512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sub(V512 a, V512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Mul(V512 a, V512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Div(V512 a, V512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 a) => new(Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Fma(V512 a, V512 b, V512 c) =>
        new(Simd.HasFma ? Vector512.FusedMultiplyAdd(a._v, b._v, c._v) : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Fnma(V512 a, V512 b, V512 c) =>
        new(Simd.HasFma ? Vector512.FusedMultiplyAdd(-a._v, b._v, c._v) : c._v - a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 a, V512 b) =>
        new(Avx512F.IsSupported ? Avx512F.Max(a._v, b._v) : Vector512.ConditionalSelect(Vector512.GreaterThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 a, V512 b) =>
        new(Avx512F.IsSupported ? Avx512F.Min(a._v, b._v) : Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Greater(V512 a, V512 b) => new(Vector512.GreaterThan(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Equal(V512 a, V512 b) => new(Vector512.Equals(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Select(V512 mask, V512 a, V512 b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 And(V512 a, V512 b) => new(a._v & b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Or(V512 a, V512 b) => new(a._v | b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Abs(V512 a) => new(Vector512.Abs(a._v));

    // |a| as an integer reaches 0x7F800000 exactly for infinities and NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyNonFinite(V512 a) =>
        Vector512.GreaterThanOrEqualAny(Vector512.Abs(a._v).AsInt32(), Vector512.Create(0x7F800000));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V512 mask) => mask._v.AsInt32() != Vector512<int>.Zero;
}
