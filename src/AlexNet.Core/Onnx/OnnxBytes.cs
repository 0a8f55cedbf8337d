namespace AlexNetTF.Onnx;

/// <summary>Stored elements as ONNX wants them.</summary>
internal static class OnnxBytes
{
    /// <summary>Elements with their axes in another order.</summary>
    /// <param name="source">The elements, row-major.</param>
    /// <param name="size">Bytes of one.</param>
    /// <param name="dims">The sizes of the source.</param>
    /// <param name="axes">The source's axis for each axis of the result.</param>
    public static byte[] Transpose(ReadOnlySpan<byte> source, int size, ReadOnlySpan<int> dims, ReadOnlySpan<int> axes)
    {
        var strides = new long[dims.Length];
        long count = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = count;
            count *= dims[i];
        }

        var result = new byte[source.Length];
        var index = new int[axes.Length];
        long from = 0;
        for (int at = 0; at < result.Length; at += size)
        {
            source.Slice((int)(from * size), size).CopyTo(result.AsSpan(at));
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                from += strides[axes[axis]];
                if (++index[axis] < dims[axes[axis]]) break;
                from -= strides[axes[axis]] * dims[axes[axis]];
                index[axis] = 0;
            }
        }

        return result;
    }

    /// <summary>The elements with the least significant byte first, whatever the machine's order; changed in place.</summary>
    public static byte[] LittleEndian(byte[] elements, int size)
    {
        if (BitConverter.IsLittleEndian) return elements;
        for (int at = 0; at < elements.Length; at += size) elements.AsSpan(at, size).Reverse();
        return elements;
    }
}
