using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.TensorFlow;

/// <summary>Constants of a graph to TensorProto and back.</summary>
internal static unsafe class TensorProtos
{
    /// <summary>The proto; its content is the constant's own memory.</summary>
    public static TensorProto Encode(TensorData data)
    {
        long[] shape = Array.ConvertAll(data.Dims, size => (long)size);
        return TensorCodec.Encode(data.Type == DType.String
            ? TensorValue.OfStrings(data.Strings, shape)
            : TensorValue.OfBytes((DataType)(int)data.Type, new NativeBytes(data).Memory, shape));
    }

    /// <summary>The constant.</summary>
    /// <exception cref="FileFormatException">The proto is damaged, or no op of this library takes its element type.</exception>
    public static TensorData Decode(TensorProto proto, string path, string where)
    {
        DType type = DataTypes.ToDType(proto.Dtype)
            ?? throw new FileFormatException(path, $"{where} holds a tensor of {DataTypes.Name(proto.Dtype)}, which no op of this library takes.");
        TensorValue value = TensorCodec.Decode(proto, path, where);
        if (Array.Exists(value.Shape, size => size > int.MaxValue)) throw new FileFormatException(path, $"{where} holds a tensor of the shape {Shapes.Text(value.Shape)}; sizes go up to {int.MaxValue}.");
        int[] dims = Array.ConvertAll(value.Shape, size => (int)size);
        if (type == DType.String) return TensorData.OfStrings(value.Strings, dims);
        var data = new TensorData(type, dims);
        value.Bytes.Span.CopyTo(new Span<byte>(data.Memory.Pointer, checked((int)data.Bytes)));
        return data;
    }
}
