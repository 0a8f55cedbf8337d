using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// One pixel's channels on their way through LRN: the values, padded to whole vectors, a row of terms with zeros on both sides
/// for the window sums, and the norms.
/// </summary>
internal readonly unsafe struct LrnBuffer
{
    private readonly int _channels;
    private readonly int _padded;
    private readonly int _radius;
    private readonly float* _terms;

    internal LrnBuffer(in LrnParameters p, int channels, float* memory)
    {
        _channels = channels;
        _padded = (channels + 15) / 16 * 16;
        // Channels further away than there are channels add nothing.
        _radius = Math.Clamp(p.Radius, 0, channels - 1);
        Value = memory;
        Norm = memory + _padded;
        _terms = Norm + _padded;
        Length = 3 * _padded + 2 * ((_radius + 15) / 16 * 16);
    }

    /// <summary>Floats of memory.</summary>
    internal int Length { get; }

    /// <summary>The values that the terms were made of.</summary>
    internal float* Value { get; }

    /// <summary>N, or whatever replaces it.</summary>
    internal float* Norm { get; }

    /// <summary>Zeros where no channel is; must be called once before use.</summary>
    internal void ClearEdges()
    {
        new Span<float>(Value, Length).Clear();
    }

    /// <summary>Takes x and its squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Square<V>(float* x) where V : struct, ISimd<V>
    {
        int c = 0;
        for (; c + V.Width <= _channels; c += V.Width)
        {
            V v = V.Load(x + c);
            V.Store(v, Value + c);
            V.Store(V.Mul(v, v), _terms + _radius + c);
        }
        for (; c < _channels; c++)
        {
            Value[c] = x[c];
            _terms[_radius + c] = x[c] * x[c];
        }
    }

    /// <summary>Takes dy and the terms dy·y / N.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Products<V>(float* dy, float* y, float* norm) where V : struct, ISimd<V>
    {
        int c = 0;
        for (; c + V.Width <= _channels; c += V.Width)
        {
            V v = V.Load(dy + c);
            V.Store(v, Value + c);
            V.Store(V.Div(V.Mul(v, V.Load(y + c)), V.Load(norm + c)), _terms + _radius + c);
        }
        for (; c < _channels; c++)
        {
            Value[c] = dy[c];
            _terms[_radius + c] = dy[c] * y[c] / norm[c];
        }
    }

    /// <summary>Σ of the terms of channels c − Radius … c + Radius, in that order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal V Window<V>(int c) where V : struct, ISimd<V>
    {
        float* terms = _terms + c;
        V sum = V.Load(terms);
        for (int j = 1; j <= 2 * _radius; j++)
            sum = V.Add(sum, V.Load(terms + j));
        return sum;
    }

    /// <summary>Norm = Bias + Alpha·window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Norms<V>(in LrnParameters p) where V : struct, ISimd<V>
    {
        V alpha = V.Broadcast(p.Alpha), bias = V.Broadcast(p.Bias);
        for (int c = 0; c < _channels; c += V.Width)
            V.Store(V.Fma(alpha, Window<V>(c), bias), Norm + c);
    }

    /// <summary>Stores the channels of v that exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Store<V>(V v, float* y, int c) where V : struct, ISimd<V>
    {
        if (c + V.Width <= _channels)
            V.Store(v, y + c);
        else
            StoreRest(v, y, c);
    }

    private void StoreRest<V>(V v, float* y, int c) where V : struct, ISimd<V>
    {
        float* lanes = stackalloc float[16];
        V.Store(v, lanes);
        new Span<float>(lanes, _channels - c).CopyTo(new Span<float>(y + c, _channels - c));
    }
}
