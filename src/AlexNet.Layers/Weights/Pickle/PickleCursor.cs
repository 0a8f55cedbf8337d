using System.Buffers.Binary;
using System.Text;

namespace AlexNetTF.Weights;

/// <summary>Reads a pickle from a part of a file, a window at a time; payloads are stepped over, not read.</summary>
internal sealed class PickleCursor(WeightBytes file, long start, long end)
{
    private readonly FileWindow _window = new(file);

    public WeightBytes File => file;

    public long Position { get; private set; } = start;

    public long End => end;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>At most 255 bytes, valid until the next read.</summary>
    public ReadOnlySpan<byte> ReadBytes(byte count) => Take(count);

    /// <summary>Steps over a payload and says where it begins.</summary>
    public long Skip(ulong length)
    {
        if (length > (ulong)(end - Position))
        {
            throw file.Error(Position, $"a value claims {length:N0} bytes, but only {end - Position:N0} follow");
        }

        long from = Position;
        Position += (long)length;
        return from;
    }

    /// <summary>Steps over a line and says where it begins and how long it is without its end.</summary>
    public (long Position, long Length) SkipLine()
    {
        long from = Position;
        while (Position < end)
        {
            ReadOnlySpan<byte> window = _window.At(Position, 1, end);
            int newline = window.IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Position += newline + 1;
                return (from, Position - 1 - from);
            }

            Position += window.Length;
        }

        throw file.Error(from, "a line of text has no end");
    }

    /// <summary>A short line of ASCII text, such as a number or a module's name.</summary>
    public string ReadLine()
    {
        const int longest = 256;
        (long from, long length) = SkipLine();
        if (length > longest)
        {
            throw file.Error(from, $"a name or number of {length:N0} characters; at most {longest} are read");
        }

        Span<byte> text = stackalloc byte[longest];
        file.Read(from, text[..(int)length]);
        return Encoding.Latin1.GetString(text[..(int)length]).TrimEnd('\r');
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > end - Position)
        {
            throw file.Error(Position, "the pickle ends in the middle; the file is cut short");
        }

        ReadOnlySpan<byte> taken = count == 0 ? default : _window.At(Position, count, end)[..count];
        Position += count;
        return taken;
    }
}
