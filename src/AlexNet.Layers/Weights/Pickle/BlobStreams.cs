namespace AlexNetTF.Weights;

/// <summary>The inside of a Python 2 string literal.</summary>
internal sealed class PythonLiteralStream(Stream stored) : DecodingStream(stored)
{
    protected override int Decode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        int read = 0;
        written = 0;
        while (read < input.Length && written < output.Length)
        {
            int length = 1;
            byte value = input[read];
            if (value == '\\')
            {
                if (input.Length - read < 4 && read > 0)
                {
                    break;
                }

                (value, length) = Escape(input[(read + 1)..]);
            }

            output[written++] = value;
            read += length;
        }

        return read;
    }

    /// <summary>What follows the backslash, and the length of the whole escape.</summary>
    private static (byte Value, int Length) Escape(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            throw Damaged("a backslash at the end");
        }

        int simple = "\\'\"abfnrtv"u8.IndexOf(rest[0]);
        if (simple >= 0)
        {
            return ("\\'\"\a\b\f\n\r\t\v"u8[simple], 2);
        }

        return rest[0] switch
        {
            (byte)'x' when rest.Length >= 3 => ((byte)Hexadecimal(rest.Slice(1, 2)), 4),
            >= (byte)'0' and <= (byte)'7' => Octal(rest),
            _ => throw Damaged($"the escape \\{(char)rest[0]}"),
        };
    }

    private static (byte Value, int Length) Octal(ReadOnlySpan<byte> digits)
    {
        int value = 0, count = 0;
        while (count < Math.Min(3, digits.Length) && digits[count] is >= (byte)'0' and <= (byte)'7')
        {
            value = (value * 8) + digits[count++] - '0';
        }

        return ((byte)value, count + 1);
    }
}

/// <summary>Characters 0 to 255 in Python's raw-unicode-escape, each a byte: Latin-1 with \uXXXX and \UXXXXXXXX.</summary>
internal sealed class UnicodeEscapeStream(Stream stored) : DecodingStream(stored)
{
    protected override int Decode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        int read = 0;
        written = 0;
        while (read < input.Length && written < output.Length)
        {
            int digits = input[read] != '\\' || read + 1 >= input.Length ? 0 : input[read + 1] switch
            {
                (byte)'u' => 4,
                (byte)'U' => 8,
                _ => 0,
            };
            if (input.Length - read < 10 && input[read] == '\\' && read > 0)
            {
                break;
            }

            output[written++] = digits == 0 ? input[read] : Character(input[(read + 2)..], digits);
            read += digits == 0 ? 1 : digits + 2;
        }

        return read;
    }

    private static byte Character(ReadOnlySpan<byte> rest, int digits)
    {
        int value = rest.Length >= digits ? Hexadecimal(rest[..digits]) : throw Damaged("an escape is cut short");
        return value is >= 0 and <= 255 ? (byte)value : throw Damaged("a character above 255 where characters stand for bytes");
    }
}
