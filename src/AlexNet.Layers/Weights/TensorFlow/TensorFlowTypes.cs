using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.Weights;

/// <summary>TensorFlow's element types that weights have.</summary>
internal static class TensorFlowTypes
{
    /// <summary>The stored type; null for text, complex and quantised numbers, and what has no values.</summary>
    public static ElementType? Of(DataType type) => type switch
    {
        DataType.DtFloat => ElementType.Float32,
        DataType.DtDouble => ElementType.Float64,
        DataType.DtHalf => ElementType.Float16,
        DataType.DtBfloat16 => ElementType.BFloat16,
        DataType.DtInt8 => ElementType.Int8,
        DataType.DtInt16 => ElementType.Int16,
        DataType.DtInt32 => ElementType.Int32,
        DataType.DtInt64 => ElementType.Int64,
        DataType.DtUint8 => ElementType.UInt8,
        DataType.DtUint16 => ElementType.UInt16,
        DataType.DtUint32 => ElementType.UInt32,
        DataType.DtUint64 => ElementType.UInt64,
        DataType.DtBool => ElementType.Boolean,
        _ => null,
    };
}
