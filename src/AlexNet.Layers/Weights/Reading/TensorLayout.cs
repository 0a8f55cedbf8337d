namespace AlexNetTF.Weights;

/// <summary>
/// Where each element of a tensor, in the order that somebody wants it, lies among the stored elements: element
/// (i0, i1, …) of <see cref="Extents"/> is stored element Start + Σ i_k · Strides[k]. The extents in C order give the
/// wanted order; <see cref="Shape"/> is what the tensor is called to have, with split axes joined again.
/// </summary>
internal sealed class TensorLayout
{
    private TensorLayout(long[] shape, long[] extents, long[] strides, long start)
    {
        Shape = shape;
        Extents = extents;
        Strides = strides;
        Start = start;
    }

    public long[] Shape { get; }

    public long[] Extents { get; }

    public long[] Strides { get; }

    public long Start { get; }

    /// <summary>Whether the wanted order is the stored one, from the first stored element on.</summary>
    public bool IsInOrder
    {
        get
        {
            long stride = 1;
            for (int k = Extents.Length - 1; k >= 0; k--)
            {
                if (Extents[k] != 1 && Strides[k] != stride)
                {
                    return false;
                }

                stride *= Extents[k];
            }

            return Start == 0;
        }
    }

    /// <summary>Stored in C order.</summary>
    public static TensorLayout InOrder(params ReadOnlySpan<long> shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= shape[k];
        }

        return Strided(shape, strides, 0);
    }

    /// <summary>Stored in Fortran order: the first index runs fastest.</summary>
    public static TensorLayout Fortran(params ReadOnlySpan<long> shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int k = 0; k < shape.Length; k++)
        {
            strides[k] = stride;
            stride *= shape[k];
        }

        return Strided(shape, strides, 0);
    }

    /// <summary>A view with strides of its own, counted in elements.</summary>
    public static TensorLayout Strided(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long start) =>
        new(shape.ToArray(), shape.ToArray(), strides.ToArray(), start);

    /// <summary>Axis k of the result is axis <paramref name="axes"/>[k] of this one.</summary>
    public TensorLayout Transpose(params ReadOnlySpan<int> axes)
    {
        long[] extents = new long[axes.Length];
        long[] strides = new long[axes.Length];
        for (int k = 0; k < axes.Length; k++)
        {
            extents[k] = Extents[axes[k]];
            strides[k] = Strides[axes[k]];
        }

        return new TensorLayout(extents, extents, strides, Start);
    }

    /// <summary>OIHW, as Caffe, ONNX and PyTorch store a filter, to TensorFlow's HWIO.</summary>
    public TensorLayout FilterFromOihw() => Transpose(2, 3, 1, 0);

    /// <summary>(out, in) to (in, out).</summary>
    public TensorLayout DenseFromOutIn() => Transpose(1, 0);

    /// <summary>
    /// (in, out) whose rows come from flattening channels × height × width, to rows in the order height × width ×
    /// channels: row p·C + c of the result is row c·P + p, P = in / C positions.
    /// </summary>
    public TensorLayout RowsFromChw(long channels)
    {
        long positions = Extents[0] / channels;
        return new TensorLayout(
            Shape,
            [positions, channels, Extents[1]],
            [Strides[0], Strides[0] * positions, Strides[1]],
            Start);
    }
}
