using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Writes a message as text in the style of TensorFlow's Python (<c>.pbtxt</c>, the state file): two spaces a level,
/// fields by number, map entries by key. It walks the serialised bytes beside the message's descriptor, so it needs no
/// property access by name and works after trimming.
/// </summary>
internal sealed class ProtoTextWriter
{
    private readonly StringBuilder text = new();

    public static string Write(IMessage message)
    {
        var writer = new ProtoTextWriter();
        writer.WriteFields(message.ToByteArray(), message.Descriptor, 0);
        return writer.text.ToString();
    }

    private void WriteFields(ReadOnlySpan<byte> bytes, MessageDescriptor type, int depth)
    {
        var reader = new ByteReader(bytes);
        var entries = new List<(byte[] Key, byte[] Entry)>();
        while (!reader.AtEnd)
        {
            (int number, WireFormat.WireType wire) = ReadTag(ref reader);
            FieldDescriptor? field = type.FindFieldByNumber(number);
            ReadOnlySpan<byte> value = ReadValue(ref reader, wire);
            if (field is null) continue;
            if (!field.IsMap)
            {
                WriteField(field, wire, value, depth);
                continue;
            }

            entries.Add((KeyOf(value), value.ToArray()));
            if (NextIs(reader, number)) continue;
            WriteEntries(field, entries, depth);
            entries.Clear();
        }
    }

    private void WriteEntries(FieldDescriptor field, List<(byte[] Key, byte[] Entry)> entries, int depth)
    {
        entries.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        foreach ((_, byte[] entry) in entries) WriteMessage(field, entry, depth);
    }

    // The bytes to sort an entry by: a string's own, a number's so that they sort as it does.
    private static byte[] KeyOf(ReadOnlySpan<byte> entry)
    {
        var reader = new ByteReader(entry);
        while (!reader.AtEnd)
        {
            (int number, WireFormat.WireType wire) = ReadTag(ref reader);
            ReadOnlySpan<byte> value = ReadValue(ref reader, wire);
            if (number != 1) continue;
            if (wire == WireFormat.WireType.LengthDelimited) return value.ToArray();
            var sortable = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(sortable, Varint(value) ^ (1UL << 63));
            return sortable;
        }

        return [];
    }

    private void WriteField(FieldDescriptor field, WireFormat.WireType wire, ReadOnlySpan<byte> value, int depth)
    {
        if (field.FieldType == FieldType.Message)
        {
            WriteMessage(field, value, depth);
        }
        else if (wire == WireFormat.WireType.LengthDelimited && field.FieldType is not (FieldType.String or FieldType.Bytes))
        {
            var packed = new ByteReader(value);
            while (!packed.AtEnd) WriteScalar(field, ReadValue(ref packed, WireOf(field)), depth);
        }
        else
        {
            WriteScalar(field, value, depth);
        }
    }

    private void WriteMessage(FieldDescriptor field, ReadOnlySpan<byte> value, int depth)
    {
        text.Append(' ', 2 * depth).Append(field.Name).Append(" {\n");
        WriteFields(value, field.MessageType, depth + 1);
        text.Append(' ', 2 * depth).Append("}\n");
    }

    private void WriteScalar(FieldDescriptor field, ReadOnlySpan<byte> value, int depth)
    {
        text.Append(' ', 2 * depth).Append(field.Name).Append(": ");
        if (field.FieldType is FieldType.String or FieldType.Bytes)
        {
            text.Append('"');
            CEscape.Append(text, value);
            text.Append('"');
        }
        else
        {
            text.Append(Number(field, value));
        }

        text.Append('\n');
    }

    private static string Number(FieldDescriptor field, ReadOnlySpan<byte> value) => field.FieldType switch
    {
        FieldType.Float => PythonNumbers.Repr(BinaryPrimitives.ReadSingleLittleEndian(value)),
        FieldType.Double => PythonNumbers.Repr(BinaryPrimitives.ReadDoubleLittleEndian(value)),
        FieldType.Fixed32 => BinaryPrimitives.ReadUInt32LittleEndian(value).ToString(CultureInfo.InvariantCulture),
        FieldType.Bool => Varint(value) != 0 ? "true" : "false",
        FieldType.Enum => field.EnumType.FindValueByNumber((int)Varint(value))?.Name ?? ((int)Varint(value)).ToString(CultureInfo.InvariantCulture),
        FieldType.UInt32 or FieldType.UInt64 => Varint(value).ToString(CultureInfo.InvariantCulture),
        _ => ((long)Varint(value)).ToString(CultureInfo.InvariantCulture),
    };

    private static WireFormat.WireType WireOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Float or FieldType.Fixed32 => WireFormat.WireType.Fixed32,
        FieldType.Double => WireFormat.WireType.Fixed64,
        _ => WireFormat.WireType.Varint,
    };

    private static (int Number, WireFormat.WireType Wire) ReadTag(ref ByteReader reader)
    {
        if (!reader.TryVarint64(out ulong tag)) throw Malformed();
        return ((int)(tag >> 3), (WireFormat.WireType)(tag & 7));
    }

    private static bool NextIs(ByteReader reader, int number) => !reader.AtEnd && ReadTag(ref reader).Number == number;

    private static ulong Varint(ReadOnlySpan<byte> value) => new ByteReader(value).TryVarint64(out ulong number) ? number : 0;

    // The value's bytes: of a length-delimited one without its length.
    private static ReadOnlySpan<byte> ReadValue(ref ByteReader reader, WireFormat.WireType wire)
    {
        switch (wire)
        {
            case WireFormat.WireType.Varint when reader.TryRawVarint(out ReadOnlySpan<byte> varint): return varint;
            case WireFormat.WireType.Fixed32 when reader.TryBytes(sizeof(uint), out ReadOnlySpan<byte> word): return word;
            case WireFormat.WireType.Fixed64 when reader.TryBytes(sizeof(ulong), out ReadOnlySpan<byte> wide): return wide;
            case WireFormat.WireType.LengthDelimited when reader.TryVarint31(out int length) && reader.TryBytes(length, out ReadOnlySpan<byte> bytes): return bytes;
            case WireFormat.WireType.StartGroup: return SkipGroup(ref reader);
            default: throw Malformed();
        }
    }

    // An old form of nesting, which only an unknown field can have.
    private static ReadOnlySpan<byte> SkipGroup(ref ByteReader reader)
    {
        while (ReadTag(ref reader).Wire is var wire && wire != WireFormat.WireType.EndGroup) ReadValue(ref reader, wire);
        return default;
    }

    private static InvalidOperationException Malformed() => new("A message serialised itself into malformed bytes.");
}
