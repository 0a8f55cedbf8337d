using System.Buffers;
using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>Appends integers in the forms of TensorFlow's files.</summary>
internal static class ByteWriting
{
    public static void WriteVarint(this IBufferWriter<byte> output, ulong value)
    {
        Span<byte> bytes = output.GetSpan(10);
        int count = 0;
        while (value >= 0x80)
        {
            bytes[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[count++] = (byte)value;
        output.Advance(count);
    }

    public static void WriteFixed32(this IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }
}
