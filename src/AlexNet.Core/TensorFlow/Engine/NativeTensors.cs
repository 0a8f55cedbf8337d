using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>Values on their way into TensorFlow and back.</summary>
internal static unsafe class NativeTensors
{
    /// <summary>TensorFlow's number for uint64, which this library's graphs do not have.</summary>
    public const int UInt64 = 23;

    /// <summary>A vector of uint64.</summary>
    public static TensorHandle OfUInt64s(ReadOnlySpan<ulong> values)
    {
        long size = values.Length;
        TensorHandle tensor = NativeMethods.TF_AllocateTensor(UInt64, &size, 1, (nuint)(size * sizeof(ulong)));
        values.CopyTo(new Span<ulong>(NativeMethods.TF_TensorData(tensor), values.Length));
        return tensor;
    }

    /// <summary>A tensor whose values are still to be written at <see cref="NativeMethods.TF_TensorData"/>.</summary>
    public static TensorHandle Allocate(DType type, ReadOnlySpan<int> dims)
    {
        long bytes = AlexNetTF.Shape.CountOf(dims) * type.Size();
        long[] sizes = Widen(dims);
        fixed (long* at = sizes)
        {
            TensorHandle tensor = NativeMethods.TF_AllocateTensor((int)type, at, sizes.Length, (nuint)bytes);
            return tensor.IsInvalid
                ? throw new RunException(RunErrorCode.ResourceExhausted, $"TensorFlow has no memory for a tensor of {type.Name()} [{string.Join(",", sizes)}], {bytes} bytes.")
                : tensor;
        }
    }

    /// <summary>A copy of a constant's values.</summary>
    public static TensorHandle Of(TensorData data)
    {
        if (data.Type == DType.String) return NativeStrings.Of(data.Strings, data.Dims);
        TensorHandle tensor = Allocate(data.Type, data.Dims);
        Buffer.MemoryCopy(data.Memory.Pointer, NativeMethods.TF_TensorData(tensor), data.Bytes, data.Bytes);
        GC.KeepAlive(data);
        return tensor;
    }

    /// <summary>The value of a fed tensor, which <see cref="Execution.FeedValues"/> has prepared.</summary>
    public static TensorHandle OfFeed(Tensor tensor, NDArray array) =>
        tensor.DType == DType.String ? NativeStrings.Of([StringValues.ToBytes(array)], []) : Wrap(array);

    /// <summary>A plain array's values, read in place where TensorFlow can; the array is kept alive until TensorFlow lets go of it.</summary>
    public static TensorHandle Wrap(NDArray array)
    {
        DType type = NDArrays.TypeOf(array);
        long[] sizes = Widen(NDArrays.DimsOf(array));
        var keep = GCHandle.Alloc(array);
        fixed (long* at = sizes)
        {
            return NativeMethods.TF_NewTensor((int)type, at, sizes.Length, NDArrays.AddressOf(array), (nuint)(array.size * type.Size()), &Release, (void*)GCHandle.ToIntPtr(keep));
        }
    }

    /// <summary>A new array of a tensor's values.</summary>
    public static NDArray ToArray(TensorHandle tensor)
    {
        var dims = new int[NativeMethods.TF_NumDims(tensor)];
        for (int i = 0; i < dims.Length; i++) dims[i] = checked((int)NativeMethods.TF_Dim(tensor, i));
        var type = (DType)NativeMethods.TF_TensorType(tensor);
        return type == DType.String ? NativeStrings.ToArray(tensor, dims) : NDArrays.Copy(type, dims, NativeMethods.TF_TensorData(tensor));
    }

    private static long[] Widen(ReadOnlySpan<int> dims)
    {
        var sizes = new long[dims.Length];
        for (int i = 0; i < sizes.Length; i++) sizes[i] = dims[i];
        return sizes;
    }

    [UnmanagedCallersOnly]
    private static void Release(void* data, nuint length, void* argument) => GCHandle.FromIntPtr((nint)argument).Free();
}
