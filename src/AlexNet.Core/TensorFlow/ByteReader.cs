using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>Reads fixed and variable-length integers from bytes; every step tells whether enough bytes were there.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> data = data;

    /// <summary>Where the next value starts.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => data.Length - Position;

    public readonly bool AtEnd => Position == data.Length;

    /// <summary>A number in groups of seven bits, lowest first; the top bit of a byte says that more follow.</summary>
    public bool TryVarint64(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && Position < data.Length; shift += 7)
        {
            byte part = data[Position++];
            if (shift == 63 && part > 1) return false;
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return true;
        }

        return false;
    }

    /// <summary>The bytes of a varint.</summary>
    public bool TryRawVarint(out ReadOnlySpan<byte> bytes)
    {
        int start = Position;
        bool read = TryVarint64(out _);
        bytes = data[start..Position];
        return read;
    }

    /// <summary>A varint that fits a non-negative <see cref="int"/>.</summary>
    public bool TryVarint31(out int value)
    {
        bool read = TryVarint64(out ulong wide) && wide <= int.MaxValue;
        value = read ? (int)wide : 0;
        return read;
    }

    public bool TryFixed32(out uint value)
    {
        if (!TryBytes(sizeof(uint), out ReadOnlySpan<byte> bytes))
        {
            value = 0;
            return false;
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return true;
    }

    public bool TryBytes(long count, out ReadOnlySpan<byte> bytes)
    {
        if (count < 0 || count > Remaining)
        {
            bytes = default;
            return false;
        }

        bytes = data.Slice(Position, (int)count);
        Position += (int)count;
        return true;
    }
}
