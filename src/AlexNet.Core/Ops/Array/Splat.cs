namespace AlexNetTF;

/// <summary>Constants that repeat one number.</summary>
internal static class Splat
{
    /// <summary>A tensor of zeros or of ones; false or true for bool.</summary>
    public static TensorData Of(DType type, ReadOnlySpan<int> dims, int value)
    {
        var data = new TensorData(type, dims);
        switch (type)
        {
            case DType.Float32: data.AsSpan<float>().Fill(value); break;
            case DType.Float64: data.AsSpan<double>().Fill(value); break;
            case DType.Int32: data.AsSpan<int>().Fill(value); break;
            case DType.Int64: data.AsSpan<long>().Fill(value); break;
            case DType.UInt8: data.AsSpan<byte>().Fill((byte)value); break;
            case DType.Int16: data.AsSpan<short>().Fill((short)value); break;
            case DType.Int8: data.AsSpan<sbyte>().Fill((sbyte)value); break;
            case DType.Bool: data.AsSpan<bool>().Fill(value != 0); break;
            case DType.String when value == 0: break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "No such element type.");
        }

        return data;
    }
}
