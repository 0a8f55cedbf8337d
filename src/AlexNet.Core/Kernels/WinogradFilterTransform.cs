using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>
/// U = G g Gᵀ for many filters side by side, eight at a time in double. Multiplications and additions round separately, so that
/// every machine has the same bits.
/// </summary>
internal unsafe struct WinogradFilterTransform
{
    private const int Lanes = 8;

    /// <summary>Floats of <see cref="Half"/>.</summary>
    internal const int HalfLength = 8 * 5 * Lanes * 2;

    /// <summary>G by rows.</summary>
    internal double* Matrix;

    /// <summary>For each row and column of U its distance, in floats, from <see cref="U"/>.</summary>
    internal int* Places;

    /// <summary>The first tap of all filters, side by side; the next tap is <see cref="TapPitch"/> floats on.</summary>
    internal float* Taps;
    internal nint TapPitch;

    /// <summary>Where the first cell of the first filter goes; the other filters' lie beside it.</summary>
    internal float* U;

    /// <summary>Their number, a multiple of eight.</summary>
    internal int Filters;

    /// <summary>Memory for G g of eight filters, on a boundary of 64 bytes.</summary>
    internal float* Half;

    /// <summary>For T × T taps and R × C cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly void Run<T, R, C>()
        where T : struct, ICount
        where R : struct, ICount
        where C : struct, ICount
    {
        double* matrix = Matrix;
        int* places = Places;
        nint pitch = TapPitch;
        float* u = U;
        var half = (Vector512<double>*)Half;
        for (int at = 0; at < Filters; at += Lanes)
        {
            for (int v = 0; v < T.Value; v++)
            {
                var column = new Line<T>(Taps + at + v * pitch, T.Value * pitch);
                for (int i = 0; i < R.Value; i++)
                    half[i * T.Value + v] = column.Times(matrix + i * T.Value);
            }
            for (int i = 0; i < R.Value; i++)
            {
                var row = new Line<T>(half + i * T.Value);
                for (int j = 0; j < C.Value; j++)
                    Vector256.Store(Narrow(row.Times(matrix + j * T.Value)), u + places[i * C.Value + j] + at);
            }
        }
    }

    private static Vector256<float> Narrow(Vector512<double> x) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Single(x)
        : Vector256.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Three or five vectors in a line.</summary>
    private readonly struct Line<T> where T : struct, ICount
    {
        private readonly Vector512<double> _0, _1, _2, _3, _4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Line(float* p, nint step)
        {
            _0 = Widen(p);
            _1 = Widen(p + step);
            _2 = Widen(p + 2 * step);
            _3 = T.Value > 3 ? Widen(p + 3 * step) : default;
            _4 = T.Value > 3 ? Widen(p + 4 * step) : default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Line(Vector512<double>* p)
        {
            _0 = p[0];
            _1 = p[1];
            _2 = p[2];
            _3 = T.Value > 3 ? p[3] : default;
            _4 = T.Value > 3 ? p[4] : default;
        }

        /// <summary>The product with a row of G, its terms added in order.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Vector512<double> Times(double* factors)
        {
            Vector512<double> sum = Vector512<double>.Zero + Vector512.Create(factors[0]) * _0;
            sum += Vector512.Create(factors[1]) * _1;
            sum += Vector512.Create(factors[2]) * _2;
            if (T.Value == 3)
                return sum;
            sum += Vector512.Create(factors[3]) * _3;
            return sum + Vector512.Create(factors[4]) * _4;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector512<double> Widen(float* p)
        {
            if (Avx512F.IsSupported)
                return Avx512F.ConvertToVector512Double(Vector256.Load(p));
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(p));
            return Vector512.Create(low, high);
        }
    }
}
