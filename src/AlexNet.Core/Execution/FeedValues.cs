using NumSharp;

namespace AlexNetTF.Execution;

/// <summary>Checks fed arrays and brings them into the form that kernels read.</summary>
internal static unsafe class FeedValues
{
    /// <summary>The array itself where it can be read in place, else a copy of its values in the tensor's element type.</summary>
    /// <exception cref="RunException">The array's shape does not fit the tensor, or its numbers would lose a fraction.</exception>
    public static NDArray Prepare(Tensor tensor, NDArray array)
    {
        if (tensor.DType == DType.String) return PrepareString(tensor, array);
        if (!Fits(tensor.Shape, array))
        {
            throw new RunException(RunErrorCode.InvalidArgument, $"{tensor.Name} is fed an array of shape [{string.Join(",", array.shape)}]; its shape is {tensor.Shape}.");
        }

        DType type = NDArrays.TypeOf(array);
        if (type == tensor.DType) return NDArrays.IsPlain(array) ? array : array.copy();
        if (type.IsFloating() && !tensor.DType.IsFloating())
        {
            throw new RunException(RunErrorCode.InvalidArgument, $"{tensor.Name} of type {tensor.DType.Name()} is fed {type.Name()} values, whose fractions would be lost. Convert the array.");
        }

        return array.astype(NDArrays.CodeOf(tensor.DType), true);
    }

    /// <summary>The value that a tensor has when an array is fed.</summary>
    public static TensorData ToData(Tensor tensor, NDArray array)
    {
        NDArray prepared = Prepare(tensor, array);
        return tensor.DType == DType.String ? TensorData.OfStrings([StringValues.ToBytes(prepared)], []) : TensorData.From(prepared);
    }

    /// <summary>The sizes that the tensor has when the prepared array is fed.</summary>
    public static int[] DimsOf(Tensor tensor, NDArray prepared) => tensor.DType == DType.String ? [] : NDArrays.DimsOf(prepared);

    // A single string is fed as its bytes.
    private static NDArray PrepareString(Tensor tensor, NDArray array)
    {
        if (array.ndim != 1 || array.typecode is not (NPTypeCode.Byte or NPTypeCode.Char)) throw new RunException(RunErrorCode.InvalidArgument, $"{tensor.Name} takes a string, which is fed as the vector of its bytes (uint8): StringValues.FromText makes it. It is fed an NDArray of {array.typecode} [{string.Join(",", array.shape)}].");
        if (tensor.Shape.HasRank && tensor.Shape.Rank != 0) throw new RunException(RunErrorCode.Unimplemented, $"{tensor.Name} of shape {tensor.Shape} takes several strings; only single strings can be fed.");
        return array;
    }

    private static bool Fits(Shape shape, NDArray array)
    {
        if (!shape.HasRank) return true;
        if (shape.Rank != array.ndim) return false;
        for (int i = 0; i < array.ndim; i++)
        {
            if (shape[i] is { } size && size != array.Shape[i]) return false;
        }

        return true;
    }
}
