using System.Buffers.Binary;
using System.Text;

namespace AlexNetTF.Weights;

/// <summary>How a field's value is encoded.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>One field of a message: its number, a varint's value, or where its bytes lie.</summary>
internal readonly record struct WireField(int Number, WireType Type, ulong Value, long Position, long Length)
{
    public bool Is(int number, WireType type) => Number == number && Type == type;
}

/// <summary>
/// Reads the fields of a protobuf message between two bytes of a file, one after the other and without copying what
/// they hold. Deliberately not the generated classes: those would hold all values of a 244 MB model in memory.
/// </summary>
internal sealed class WireMessage(FileWindow window, long start, long end)
{
    private const int LongestVarint = 10;

    private long _at = start;

    public WeightBytes File => window.File;

    /// <summary>The first byte of the message.</summary>
    public long Start { get; } = start;

    /// <summary>Reads the next field; false at the end of the message.</summary>
    /// <exception cref="FileFormatException">The bytes are no protobuf message.</exception>
    public bool Read(out WireField field)
    {
        field = default;
        if (_at >= end)
        {
            return false;
        }

        long tagAt = _at;
        ulong tag = Varint();
        ulong number = tag >> 3;
        if (number is 0 or > 0x1FFFFFFF)
        {
            throw File.Error(tagAt, $"field number {number} cannot be; the message is damaged");
        }

        field = (tag & 7) switch
        {
            0 => new WireField((int)number, WireType.Varint, Varint(), tagAt, 0),
            1 => Span((int)number, WireType.Fixed64, 8),
            2 => Span((int)number, WireType.Bytes, Varint()),
            5 => Span((int)number, WireType.Fixed32, 4),
            var type => throw File.Error(tagAt, $"wire type {type} of field {number} is not read (groups are not used by these formats); the message is damaged"),
        };
        return true;
    }

    /// <summary>The message that a field holds.</summary>
    public WireMessage Message(WireField field) => new(window, field.Position, field.Position + field.Length);

    /// <summary>A short text that a field holds.</summary>
    public string Text(WireField field)
    {
        const int longest = 4096;
        if (field.Length > longest)
        {
            throw File.Error(field.Position, $"a name of {field.Length:N0} bytes; at most {longest:N0} are read");
        }

        return field.Length == 0 ? "" : Encoding.UTF8.GetString(window.At(field.Position, (int)field.Length, end)[..(int)field.Length]);
    }

    /// <summary>A float that a field holds.</summary>
    public float Float(WireField field) =>
        BinaryPrimitives.ReadSingleLittleEndian(window.At(field.Position, sizeof(float), end));

    /// <summary>The integers of a repeated field: one in a varint, any number in packed bytes.</summary>
    public void AddIntegers(WireField field, List<long> integers, int most)
    {
        if (field.Type == WireType.Varint)
        {
            integers.Add((long)field.Value);
        }
        else if (field.Type == WireType.Bytes)
        {
            var packed = new WireMessage(window, field.Position, field.Position + field.Length);
            while (packed._at < field.Position + field.Length && integers.Count <= most)
            {
                integers.Add((long)packed.Varint());
            }
        }

        if (integers.Count > most)
        {
            throw File.Error(field.Position, $"more than {most} integers where a shape or a list of axes belongs");
        }
    }

    private ulong Varint()
    {
        long from = _at;
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            if (_at >= end)
            {
                throw File.Error(from, "a number is cut short; the file is damaged or incomplete");
            }

            byte next = window.At(_at, 1, end)[0];
            _at++;
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw File.Error(from, $"a number of more than {LongestVarint} bytes; the message is damaged");
    }

    private WireField Span(int number, WireType type, ulong length)
    {
        if (length > (ulong)(end - _at))
        {
            throw File.Error(_at, $"field {number} claims {length:N0} bytes, but only {end - _at:N0} follow; the file is damaged or cut short");
        }

        var field = new WireField(number, type, 0, _at, (long)length);
        _at += (long)length;
        return field;
    }
}
