using AlexNetTF.Kernels;

namespace AlexNetTF.Tests.Kernels;

public sealed unsafe class SimdTests
{
    private static readonly float[] s_values =
    [
        0f, -0f, 1f, -1f, 3.5f, -2.25f, 1e-3f, 7e20f, -7e20f, 1e38f, -1e38f, float.NaN, float.PositiveInfinity,
        float.NegativeInfinity, float.MaxValue, float.Epsilon, 1.0000001f, 0.33333334f, -123456.79f, 2f,
    ];

    private delegate void Lanes(float* a, float* b, float* c, float* result);

    private static void Check<V>(string name, Func<float, float, float, float> scalar, Lanes vector) where V : struct, ISimd<V>
    {
        float* a = stackalloc float[V.Width], b = stackalloc float[V.Width], c = stackalloc float[V.Width];
        float* y = stackalloc float[V.Width];
        int n = s_values.Length, total = n * n * n;
        for (int start = 0; start < total; start += V.Width)
        {
            for (int i = 0; i < V.Width; i++)
            {
                int at = (start + i) % total;
                a[i] = s_values[at % n];
                b[i] = s_values[at / n % n];
                c[i] = s_values[at / n / n];
            }
            vector(a, b, c, y);
            for (int i = 0; i < V.Width; i++)
            {
                float expected = scalar(a[i], b[i], c[i]);
                if (!(float.IsNaN(expected) && float.IsNaN(y[i])))
                    Assert.That(BitConverter.SingleToInt32Bits(y[i]), Is.EqualTo(BitConverter.SingleToInt32Bits(expected)),
                        $"{name}({a[i]}, {b[i]}, {c[i]}) in {typeof(V).Name}: {y[i]}, scalar {expected}");
            }
        }
    }

    private static void CheckAll<V>() where V : struct, ISimd<V>
    {
        Check<V>("Add", (a, b, c) => a + b, (a, b, c, y) => V.Store(V.Add(V.Load(a), V.Load(b)), y));
        Check<V>("Sub", (a, b, c) => a - b, (a, b, c, y) => V.Store(V.Sub(V.Load(a), V.Load(b)), y));
        Check<V>("Mul", (a, b, c) => a * b, (a, b, c, y) => V.Store(V.Mul(V.Load(a), V.Load(b)), y));
        Check<V>("Div", (a, b, c) => a / b, (a, b, c, y) => V.Store(V.Div(V.Load(a), V.Load(b)), y));
        Check<V>("Sqrt", (a, b, c) => MathF.Sqrt(a), (a, b, c, y) => V.Store(V.Sqrt(V.Load(a)), y));
        Check<V>("Fma", Simd.Fma, (a, b, c, y) => V.Store(V.Fma(V.Load(a), V.Load(b), V.Load(c)), y));
        Check<V>("Fnma", Simd.Fnma, (a, b, c, y) => V.Store(V.Fnma(V.Load(a), V.Load(b), V.Load(c)), y));
        Check<V>("Max", (a, b, c) => Simd.Max(a, b), (a, b, c, y) => V.Store(V.Max(V.Load(a), V.Load(b)), y));
        Check<V>("Min", (a, b, c) => Simd.Min(a, b), (a, b, c, y) => V.Store(V.Min(V.Load(a), V.Load(b)), y));
        Check<V>("Abs", (a, b, c) => MathF.Abs(a), (a, b, c, y) => V.Store(V.Abs(V.Load(a)), y));
        Check<V>("Select", (a, b, c) => a > b ? c : a,
            (a, b, c, y) => V.Store(V.Select(V.Greater(V.Load(a), V.Load(b)), V.Load(c), V.Load(a)), y));
        Check<V>("Equal", (a, b, c) => a == b ? c : b,
            (a, b, c, y) => V.Store(V.Or(V.And(V.Equal(V.Load(a), V.Load(b)), V.Load(c)),
                V.Select(V.Equal(V.Load(a), V.Load(b)), V.Zero, V.Load(b))), y));
        Check<V>("Broadcast", (a, b, c) => 2.5f, (a, b, c, y) => V.Store(V.Broadcast(2.5f), y));
    }

    [Test]
    public void LanesDoWhatTheScalarFormsDo()
    {
        CheckAll<V512>();
        CheckAll<V256>();
        CheckAll<V128>();
    }

    private static void CheckNonFinite<V>() where V : struct, ISimd<V>
    {
        float* x = stackalloc float[V.Width];
        for (int lane = 0; lane < V.Width; lane++)
        {
            foreach (float value in s_values)
            {
                new Span<float>(x, V.Width).Fill(float.MaxValue);
                x[lane] = value;
                Assert.That(V.AnyNonFinite(V.Load(x)), Is.EqualTo(!float.IsFinite(value)), $"{value} in lane {lane}");
                Assert.That(V.Any(V.Equal(V.Load(x), V.Broadcast(value))), Is.EqualTo(!float.IsNaN(value)));
            }
        }
    }

    [Test]
    public void NonFiniteLanesAreSeen()
    {
        CheckNonFinite<V512>();
        CheckNonFinite<V256>();
        CheckNonFinite<V128>();
    }
}
