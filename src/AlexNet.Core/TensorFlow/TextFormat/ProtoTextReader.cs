using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Reads the text form of a message. Google.Protobuf has no such reader for C#: this one follows the message's
/// descriptor, writes the serialised form and lets the generated parser read that.
/// </summary>
internal ref struct ProtoTextReader
{
    private const int MaxDepth = 100;
    private readonly List<ArrayBufferWriter<byte>> levels;
    private TextTokenizer tokens;

    private ProtoTextReader(ReadOnlySpan<byte> text, string path)
    {
        levels = [new ArrayBufferWriter<byte>()];
        tokens = new TextTokenizer(text, path);
    }

    /// <summary>Reads a message.</summary>
    /// <param name="parser">The message's parser.</param>
    /// <param name="type">The message's descriptor.</param>
    /// <param name="text">The text as UTF-8.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <exception cref="FileFormatException">The text is not of this form; names line and column.</exception>
    public static T Read<T>(MessageParser<T> parser, MessageDescriptor type, ReadOnlySpan<byte> text, string path)
        where T : IMessage<T>
    {
        var reader = new ProtoTextReader(text, path);
        reader.ReadFields(type, 0, '\0');
        try
        {
            return parser.ParseFrom(reader.levels[0].WrittenSpan);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FileFormatException(path, $"a string of this {type.Name} is not valid UTF-8, or it is nested too deeply: {error.Message}", error);
        }
    }

    private void ReadFields(MessageDescriptor type, int depth, char end)
    {
        var seen = new HashSet<int>();
        while (!(end == '\0' ? tokens.AtEnd : tokens.TryTake(end)))
        {
            FieldDescriptor field = ReadFieldName(type, seen);
            bool colon = tokens.TryTake(':');
            if (!colon && field.FieldType != FieldType.Message) throw tokens.Error("':' should stand here");
            ReadFieldValues(field, depth);
            if (!tokens.TryTake(',')) tokens.TryTake(';');
        }
    }

    private FieldDescriptor ReadFieldName(MessageDescriptor type, HashSet<int> seen)
    {
        TextTokenizer before = tokens;
        string name = tokens.TakeWord($"a field of {type.Name}");
        FieldDescriptor field = type.FindFieldByName(name) ?? throw before.Error($"{type.Name} has the fields {string.Join(", ", type.Fields.InFieldNumberOrder().Select(f => f.Name))}");
        int identity = field.RealContainingOneof is { } choice ? -1 - choice.Index : field.FieldNumber;
        if (!field.IsRepeated && !seen.Add(identity)) throw before.Error($"{type.Name} has only one {field.RealContainingOneof?.Name ?? name}, which is set already");
        return field;
    }

    private void ReadFieldValues(FieldDescriptor field, int depth)
    {
        if (!field.IsRepeated || !tokens.TryTake('['))
        {
            ReadFieldValue(field, depth);
            return;
        }

        if (tokens.TryTake(']')) return;
        do ReadFieldValue(field, depth);
        while (tokens.TryTake(','));
        tokens.Take(']');
    }

    private void ReadFieldValue(FieldDescriptor field, int depth)
    {
        if (field.FieldType == FieldType.Message)
        {
            ReadMessage(field, depth);
            return;
        }

        ArrayBufferWriter<byte> output = levels[depth];
        if (field.FieldType is not (FieldType.String or FieldType.Bytes))
        {
            TextScalars.Write(ref tokens, field, output);
            return;
        }

        ArrayBufferWriter<byte> value = Level(depth + 1);
        tokens.TakeStrings(value);
        WriteDelimited(output, field, value);
    }

    private void ReadMessage(FieldDescriptor field, int depth)
    {
        if (depth == MaxDepth) throw tokens.Error($"messages are nested more than {MaxDepth} deep");
        ArrayBufferWriter<byte> value = Level(depth + 1);
        char end = tokens.Is('<') ? '>' : '}';
        if (end == '>') tokens.Advance();
        else tokens.Take('{');
        ReadFields(field.MessageType, depth + 1, end);
        WriteDelimited(levels[depth], field, value);
    }

    private readonly ArrayBufferWriter<byte> Level(int depth)
    {
        if (depth == levels.Count) levels.Add(new ArrayBufferWriter<byte>());
        levels[depth].ResetWrittenCount();
        return levels[depth];
    }

    private static void WriteDelimited(ArrayBufferWriter<byte> output, FieldDescriptor field, ArrayBufferWriter<byte> value)
    {
        output.WriteVarint(WireFormat.MakeTag(field.FieldNumber, WireFormat.WireType.LengthDelimited));
        output.WriteVarint((ulong)value.WrittenCount);
        output.Write(value.WrittenSpan);
    }
}
