using System.Text;

namespace AlexNetTF.Benchmarks;

/// <summary>Writes the few kinds of protobuf fields that an ONNX model needs.</summary>
internal sealed class ProtoBytes
{
    private readonly MemoryStream stream = new();

    public ProtoBytes Number(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint(unchecked((ulong)value));
        return this;
    }

    public ProtoBytes Real(int field, float value)
    {
        Varint((ulong)((field << 3) | 5));
        stream.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoBytes Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoBytes Message(int field, ProtoBytes value) => Bytes(field, value.ToArray());

    public ProtoBytes Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)value.Length);
        stream.Write(value);
        return this;
    }

    public byte[] ToArray() => stream.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
