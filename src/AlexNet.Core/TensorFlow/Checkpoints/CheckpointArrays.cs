using System.Numerics;
using AlexNetTF.TensorFlow.Protos;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>NDArrays for a checkpoint's tensors.</summary>
internal static unsafe class CheckpointArrays
{
    /// <summary>The NDArray's element type; null where none holds such values.</summary>
    public static NPTypeCode? CodeOf(CheckpointEntry entry) => entry.Proto.Dtype switch
    {
        DataType.DtFloat or DataType.DtBfloat16 => NPTypeCode.Single,
        DataType.DtDouble => NPTypeCode.Double,
        DataType.DtInt32 or DataType.DtQint32 => NPTypeCode.Int32,
        DataType.DtInt64 => NPTypeCode.Int64,
        DataType.DtUint8 or DataType.DtQuint8 => NPTypeCode.Byte,
        DataType.DtInt8 or DataType.DtQint8 => NPTypeCode.SByte,
        DataType.DtInt16 or DataType.DtQint16 => NPTypeCode.Int16,
        DataType.DtUint16 or DataType.DtQuint16 => NPTypeCode.UInt16,
        DataType.DtUint32 => NPTypeCode.UInt32,
        DataType.DtUint64 => NPTypeCode.UInt64,
        DataType.DtBool => NPTypeCode.Boolean,
        DataType.DtHalf => NPTypeCode.Half,
        DataType.DtComplex64 or DataType.DtComplex128 => NPTypeCode.Complex,
        _ => null,
    };

    /// <summary>The type that a checkpoint stores an NDArray's elements as; invalid where none does.</summary>
    public static DataType TypeOf(NPTypeCode code) => code switch
    {
        NPTypeCode.Single => DataType.DtFloat,
        NPTypeCode.Double => DataType.DtDouble,
        NPTypeCode.Int32 => DataType.DtInt32,
        NPTypeCode.Int64 => DataType.DtInt64,
        NPTypeCode.Byte => DataType.DtUint8,
        NPTypeCode.SByte => DataType.DtInt8,
        NPTypeCode.Int16 => DataType.DtInt16,
        NPTypeCode.UInt16 => DataType.DtUint16,
        NPTypeCode.UInt32 => DataType.DtUint32,
        NPTypeCode.UInt64 => DataType.DtUint64,
        NPTypeCode.Boolean => DataType.DtBool,
        NPTypeCode.Half => DataType.DtHalf,
        NPTypeCode.Complex => DataType.DtComplex128,
        _ => DataType.DtInvalid,
    };

    public static NDArray Allocate(NPTypeCode code, long[] sizes) =>
        new(code, sizes.Length == 0 ? NumSharp.Shape.Scalar : new NumSharp.Shape(sizes), false);

    /// <summary>Widens, in place, elements that are stored in fewer bytes than the NDArray's: from the last to the first.</summary>
    public static void Widen(CheckpointEntry entry, byte* memory)
    {
        if (entry.Proto.Dtype == DataType.DtBfloat16)
        {
            // bfloat16 is the upper half of a float32.
            for (long i = entry.Count - 1; i >= 0; i--) ((uint*)memory)[i] = (uint)((ushort*)memory)[i] << 16;
        }
        else if (entry.Proto.Dtype == DataType.DtComplex64)
        {
            for (long i = entry.Count - 1; i >= 0; i--)
            {
                float real = ((float*)memory)[2 * i];
                float imaginary = ((float*)memory)[(2 * i) + 1];
                ((Complex*)memory)[i] = new Complex(real, imaginary);
            }
        }
    }
}
