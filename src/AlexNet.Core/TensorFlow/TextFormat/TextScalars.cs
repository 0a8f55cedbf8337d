using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AlexNetTF.TensorFlow;

/// <summary>Reads a number, truth value or enum constant of a text proto and writes it in serialised form.</summary>
internal static class TextScalars
{
    public static void Write(ref TextTokenizer tokens, FieldDescriptor field, ArrayBufferWriter<byte> output)
    {
        TextTokenizer before = tokens;
        bool negative = tokens.TryTake('-');
        string word = tokens.TakeWord($"a value for {field.Name}");
        if (!TryWrite(field, negative, word, output))
        {
            throw before.Error($"{field.Name} takes {Expected(field)}");
        }
    }

    private static bool TryWrite(FieldDescriptor field, bool negative, string word, ArrayBufferWriter<byte> output)
    {
        switch (field.FieldType)
        {
            case FieldType.Float:
                if (!TryReal(word, out double single)) return false;
                Tag(output, field, WireFormat.WireType.Fixed32);
                output.WriteFixed32(BitConverter.SingleToUInt32Bits(ToSingle(word, negative, single)));
                return true;
            case FieldType.Double:
                if (!TryReal(word, out double real)) return false;
                Tag(output, field, WireFormat.WireType.Fixed64);
                ulong bits = BitConverter.DoubleToUInt64Bits(negative ? -real : real);
                output.WriteFixed32((uint)bits);
                output.WriteFixed32((uint)(bits >> 32));
                return true;
            case FieldType.Fixed32:
                if (negative || !TryWhole(word, out ulong fixedValue) || fixedValue > uint.MaxValue) return false;
                Tag(output, field, WireFormat.WireType.Fixed32);
                output.WriteFixed32((uint)fixedValue);
                return true;
            default:
                if (!TryVarint(field, negative, word, out ulong number)) return false;
                Tag(output, field, WireFormat.WireType.Varint);
                output.WriteVarint(number);
                return true;
        }
    }

    private static bool TryVarint(FieldDescriptor field, bool negative, string word, out ulong number)
    {
        number = 0;
        if (field.FieldType == FieldType.Bool) return !negative && TryBool(word, out number);
        if (field.FieldType == FieldType.Enum && !negative && field.EnumType.FindValueByName(word) is { } constant)
        {
            number = (ulong)constant.Number;
            return true;
        }

        (ulong largest, ulong lowest) = field.FieldType switch
        {
            FieldType.UInt32 => (uint.MaxValue, 0UL),
            FieldType.UInt64 => (ulong.MaxValue, 0UL),
            FieldType.Int64 => ((ulong)long.MaxValue, 1UL << 63),
            _ => ((ulong)int.MaxValue, 1UL << 31),
        };
        if (!TryWhole(word, out ulong magnitude) || magnitude > (negative ? lowest : largest)) return false;
        number = negative ? 0 - magnitude : magnitude;
        return true;
    }

    private static bool TryBool(string word, out ulong number)
    {
        number = word is "true" or "True" or "t" or "1" ? 1UL : 0;
        return number == 1 || word is "false" or "False" or "f" or "0";
    }

    // Decimal, 0x and hexadecimal digits, or 0 and octal digits.
    private static bool TryWhole(string word, out ulong value)
    {
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        if (word.Length < 2 || word[0] != '0') return ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        value = 0;
        foreach (char digit in word)
        {
            if (digit is < '0' or > '7' || value > ulong.MaxValue >> 3) return false;
            value = (value << 3) + (ulong)(digit - '0');
        }

        return true;
    }

    private static bool TryReal(string word, out double value)
    {
        if (word.Equals("nan", StringComparison.OrdinalIgnoreCase)) value = double.NaN;
        else if (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase)) value = double.PositiveInfinity;
        else return double.TryParse(Digits(word), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
        return true;
    }

    // Rounded once, straight to float32, where the word is a number.
    private static float ToSingle(string word, bool negative, double real)
    {
        float value = double.IsFinite(real) ? float.Parse(Digits(word), CultureInfo.InvariantCulture) : (float)real;
        return negative ? -value : value;
    }

    // C's suffix for float32: 1.5f
    private static ReadOnlySpan<char> Digits(string word) => word.Length > 1 && word[^1] is 'f' or 'F' ? word.AsSpan(0, word.Length - 1) : word;

    private static void Tag(ArrayBufferWriter<byte> output, FieldDescriptor field, WireFormat.WireType wire) =>
        output.WriteVarint(WireFormat.MakeTag(field.FieldNumber, wire));

    private static string Expected(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => "true or false",
        FieldType.Enum => $"a constant of {field.EnumType.Name}",
        FieldType.Float or FieldType.Double => "a number",
        _ => $"a whole number ({field.FieldType})",
    };
}
