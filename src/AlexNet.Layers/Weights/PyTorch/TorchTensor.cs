namespace AlexNetTF.Weights;

/// <summary>A block of numbers that tensors are views of; where its bytes lie may be known only after the pickle.</summary>
internal sealed class TorchStorage(string key, ElementType type, long count)
{
    public string Key => key;

    public ElementType Type => type;

    public long Count => count;

    public long Bytes => checked(count * type.Size());

    public ByteRegion? Region { get; set; }
}

/// <summary>A view of a storage: offset, sizes and strides count elements.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Size, long[] Stride)
{
    /// <summary>How the elements lie, and the bytes that hold them, checked against each other.</summary>
    public (TensorLayout Layout, StoredTensor Stored) Resolve(WeightBytes file, string name, bool bigEndian)
    {
        ByteRegion whole = Storage.Region ?? throw file.Error(0, $"the values of '{name}' (storage '{Storage.Key}') are missing from the file");
        long count = Shapes.Count(Size, file, whole.FilePosition, $"'{name}'");
        CheckBounds(file, whole.FilePosition, name, count);
        TensorLayout view = TensorLayout.Strided(Size, Stride, 0);
        if (count == 0 || view.IsInOrder)
        {
            int width = Storage.Type.Size();
            var part = new SubRegion(whole, count == 0 ? 0 : Offset * width, count * width);
            return (TensorLayout.InOrder(Size), new StoredTensor(part, Storage.Type, bigEndian));
        }

        return (TensorLayout.Strided(Size, Stride, Offset), new StoredTensor(whole, Storage.Type, bigEndian));
    }

    private void CheckBounds(WeightBytes file, long position, string name, long count)
    {
        UInt128 last = (UInt128)(ulong)Math.Max(Offset, 0);
        for (int k = 0; k < Size.Length && Stride[k] >= 0; k++)
        {
            last += (UInt128)(ulong)Stride[k] * (ulong)Math.Max(Size[k] - 1, 0);
        }

        bool inside = count == 0 || last < (UInt128)(ulong)Storage.Count;
        if (Offset < 0 || Array.Exists(Stride, stride => stride < 0) || !inside)
        {
            throw file.Error(
                position, $"'{name}' of shape {Shapes.Text(Size)}, strides {Shapes.Text(Stride)} and offset {Offset:N0} leaves its storage of {Storage.Count:N0} values");
        }

        if (count > Storage.Count)
        {
            throw file.Error(position, $"'{name}' repeats its {Storage.Count:N0} values to {count:N0}; save the tensor after .contiguous()");
        }
    }
}
