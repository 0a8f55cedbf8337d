using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Kernels;

/// <summary>
/// v[i] = v[i]^(−β) as exp(−β·log v), computed in double, four lanes at a time on every hardware, so that the float result
/// is the correctly rounded one but for rare near-ties. 0 gives +∞ and +∞ gives 0 (for β above 0), negative values give NaN.
/// </summary>
internal static unsafe class NegativePower
{
    // Terms of 2·atanh(s) / s in s², enough for 1e-12 where |s| ≤ 0.172.
    private static readonly double[] s_log = [2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3, 2.0];

    // 1 / k! for k = 10 … 0, enough for 1e-12 where |r| ≤ 0.347.
    private static readonly double[] s_exp =
    [
        1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0, 1.0,
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(float* values, int count, float beta)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
            Four(values + i, beta);
        if (i == count)
            return;
        float* rest = stackalloc float[4];
        new Span<float>(rest, 4).Fill(1f);
        new Span<float>(values + i, count - i).CopyTo(new Span<float>(rest, count - i));
        Four(rest, beta);
        new Span<float>(rest, count - i).CopyTo(new Span<float>(values + i, count - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(float* p, float beta)
    {
        Vector128<float> v = Vector128.Load(p);
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(v);
        Vector256<double> power = Exp(Vector256.Create(-(double)beta) * Log(Vector256.Create(low, high)));
        Vector128<float> result = Vector128.Narrow(power.GetLower(), power.GetUpper());
        Vector128<float> regular = Vector128.GreaterThan(v, Vector128<float>.Zero)
            & Vector128.LessThanOrEqual(v, Vector128.Create(float.MaxValue));
        Vector128.Store(result, p);
        if (regular.AsInt32() == Vector128<int>.AllBitsSet)
            return;
        for (int i = 0; i < 4; i++)
        {
            if (!(v[i] > 0f && v[i] <= float.MaxValue))
                p[i] = MathF.Exp(-beta * MathF.Log(v[i]));
        }
    }

    // log x = k·ln 2 + 2·atanh((m − 1) / (m + 1)), x = m·2^k, √½ ≤ m < √2.
    private static Vector256<double> Log(Vector256<double> x)
    {
        const long HalfRoot = 0x3FE6A09E667F3BCD, One = 0x3FF0000000000000;
        Vector256<long> bits = x.AsInt64();
        Vector256<long> exponent = Vector256.ShiftRightLogical(bits + Vector256.Create(One - HalfRoot), 52);
        Vector256<double> m = (bits - Vector256.ShiftLeft(exponent - Vector256.Create(1023L), 52)).AsDouble();
        Vector256<double> s = (m - Vector256.Create(1.0)) / (m + Vector256.Create(1.0));
        Vector256<double> sum = Polynomial(s_log, s * s);
        Vector256<double> k = Vector256.ConvertToDouble(exponent - Vector256.Create(1023L));
        return Fma(k, Vector256.Create(0.693147180559945309417), s * sum);
    }

    // exp t = 2^n · exp(t − n·ln 2); beyond ±690 the float result is 0 or infinite anyway.
    private static Vector256<double> Exp(Vector256<double> t)
    {
        const double Shifter = 6755399441055744.0;
        t = Vector256.Max(Vector256.Min(t, Vector256.Create(690.0)), Vector256.Create(-690.0));
        Vector256<double> shifted = Fma(t, Vector256.Create(1.4426950408889634), Vector256.Create(Shifter));
        Vector256<double> n = shifted - Vector256.Create(Shifter);
        Vector256<double> r = Fma(n, Vector256.Create(-6.93147180369123816490e-01), t);
        r = Fma(n, Vector256.Create(-1.90821492927058770002e-10), r);
        Vector256<long> power = Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create(1023L), 52);
        return Polynomial(s_exp, r) * power.AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Polynomial(double[] coefficients, Vector256<double> x)
    {
        Vector256<double> sum = Vector256.Create(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
            sum = Fma(sum, x, Vector256.Create(coefficients[i]));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Fma(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Simd.HasFma ? Vector256.FusedMultiplyAdd(a, b, c) : a * b + c;
}
