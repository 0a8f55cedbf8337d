using System.Text;

namespace AlexNetTF.Tests.Weights;

/// <summary>Writes protobuf fields by hand.</summary>
internal static class Proto
{
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Integer(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    public static byte[] Bytes(int field, byte[] value) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)value.Length), .. value];

    public static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));
}
