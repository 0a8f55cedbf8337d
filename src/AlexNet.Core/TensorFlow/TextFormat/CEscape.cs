using System.Buffers;
using System.Globalization;
using System.Text;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Bytes as a C string literal: <c>\n \r \t \" \' \\</c>, three octal digits for everything outside printable ASCII.
/// </summary>
internal static class CEscape
{
    public static void Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _ = value switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'"' => text.Append("\\\""),
                (byte)'\'' => text.Append("\\'"),
                (byte)'\\' => text.Append("\\\\"),
                >= 32 and < 127 => text.Append((char)value),
                _ => text.Append('\\').Append((char)('0' + (value >> 6))).Append((char)('0' + ((value >> 3) & 7))).Append((char)('0' + (value & 7))),
            };
        }
    }

    /// <summary>Appends the bytes that the inside of a literal stands for.</summary>
    /// <returns>−1, or where in <paramref name="literal"/> an escape sequence is wrong.</returns>
    public static int Decode(ReadOnlySpan<byte> literal, ArrayBufferWriter<byte> output)
    {
        int at = 0;
        while (at < literal.Length)
        {
            int plain = literal[at..].IndexOf((byte)'\\');
            if (plain < 0) plain = literal.Length - at;
            output.Write(literal.Slice(at, plain));
            at += plain;
            if (at == literal.Length) break;
            int used = DecodeOne(literal[(at + 1)..], output);
            if (used == 0) return at;
            at += 1 + used;
        }

        return -1;
    }

    // How many bytes after the backslash were used; 0 where they are no escape sequence.
    private static int DecodeOne(ReadOnlySpan<byte> rest, ArrayBufferWriter<byte> output)
    {
        if (rest.IsEmpty) return 0;
        int simple = "abfnrtv\\'\"?".IndexOf((char)rest[0], StringComparison.Ordinal);
        if (simple >= 0) return Emit(output, "\a\b\f\n\r\t\v\\'\"?"[simple], 1);
        return rest[0] switch
        {
            >= (byte)'0' and <= (byte)'7' => Number(rest, 0, 3, 8, output),
            (byte)'x' or (byte)'X' => Number(rest, 1, 2, 16, output),
            (byte)'u' => CodePoint(rest, 4, output),
            (byte)'U' => CodePoint(rest, 8, output),
            _ => 0,
        };
    }

    private static int Number(ReadOnlySpan<byte> rest, int from, int most, int radix, ArrayBufferWriter<byte> output)
    {
        int value = 0;
        int at = from;
        while (at < rest.Length && at < from + most && Digit(rest[at]) is int digit && digit < radix)
        {
            value = (value * radix) + digit;
            at++;
        }

        return at == from || value > byte.MaxValue ? 0 : Emit(output, (char)value, at);
    }

    private static int CodePoint(ReadOnlySpan<byte> rest, int digits, ArrayBufferWriter<byte> output)
    {
        if (rest.Length <= digits
            || !uint.TryParse(rest.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            || !Rune.TryCreate(value, out Rune rune))
        {
            return 0;
        }

        output.Advance(rune.EncodeToUtf8(output.GetSpan(4)));
        return 1 + digits;
    }

    private static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => int.MaxValue,
    };

    private static int Emit(ArrayBufferWriter<byte> output, char value, int used)
    {
        output.GetSpan(1)[0] = (byte)value;
        output.Advance(1);
        return used;
    }
}
