using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// What happens to a finished sum s on its way into C:
/// times <see cref="Scale"/>[column] where asked, <c>C = s</c>, or <c>C = C + s</c> (<see cref="Accumulate"/>), or <c>C = C − Rate·s</c> (<see cref="Descend"/>);
/// then <c>+ Bias[column]</c> and <c>max(0, ·)</c> where asked. Each step rounds as the separate op would.
/// </summary>
internal unsafe struct GemmEpilogue
{
    /// <summary>A factor of the sum for each column, or null: the scales of a matrix of bytes.</summary>
    internal float* Scale;

    /// <summary>One value a column, or null.</summary>
    internal float* Bias;

    /// <summary>Rectify; NaN stays NaN.</summary>
    internal bool Relu;

    /// <summary>Add to what C holds.</summary>
    internal bool Accumulate;

    /// <summary>A step of gradient descent: subtract Rate times the sum from what C holds.</summary>
    internal bool Descend;

    internal float Rate;

    /// <summary>Whether sums go to C as they are.</summary>
    internal readonly bool IsPlain => Scale == null && Bias == null && !Relu && !Accumulate && !Descend;

    /// <summary>Whether a step of gradient descent is all.</summary>
    internal readonly bool IsDescent => Descend && Scale == null && Bias == null && !Relu && !Accumulate;

    /// <summary>Whether what C holds is needed.</summary>
    internal readonly bool ReadsC => Accumulate || Descend;

    /// <summary>Sends a piece of sums to C; <paramref name="column"/> is its first column, for the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly void Apply<V>(float* sums, nint stride, float* c, nint cStride, int rows, int columns, int column)
        where V : struct, ISimd<V>
    {
        float* bias = Bias == null ? null : Bias + column, scale = Scale == null ? null : Scale + column;
        for (int r = 0; r < rows; r++, sums += stride, c += cStride)
        {
            int j = 0;
            for (; j + V.Width <= columns; j += V.Width)
                V.Store(Finish<V>(V.Load(sums + j), c + j, scale + j, bias + j), c + j);
            for (; j < columns; j++)
                c[j] = Finish(sums[j], c[j], scale + j, bias + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Finish<V>(V sum, float* c, float* scale, float* bias) where V : struct, ISimd<V>
    {
        if (Scale != null)
            sum = V.Mul(sum, V.Load(scale));
        if (Accumulate)
            sum = V.Add(V.Load(c), sum);
        if (Descend)
            sum = V.Sub(V.Load(c), V.Mul(V.Broadcast(Rate), sum));
        if (Bias != null)
            sum = V.Add(sum, V.Load(bias));
        return Relu ? V.Max(V.Zero, sum) : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float Finish(float sum, float c, float* scale, float* bias)
    {
        if (Scale != null)
            sum *= *scale;
        if (Accumulate)
            sum = c + sum;
        if (Descend)
            sum = c - Rate * sum;
        if (Bias != null)
            sum += *bias;
        return Relu ? Simd.Max(0f, sum) : sum;
    }
}
