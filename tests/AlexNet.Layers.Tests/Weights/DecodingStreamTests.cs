using System.Globalization;
using System.Text;
using AlexNetTF.Weights;

namespace AlexNetTF.Tests.Weights;

/// <summary>Decoders of bytes written as text, against the text's definition, over all cuts between reads.</summary>
public sealed class DecodingStreamTests
{
    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Utf8_characters_become_bytes(int seed)
    {
        byte[] bytes = RandomBytes(seed, out Random random);
        string text = Encoding.Latin1.GetString(bytes);
        Assert.That(ReadAll(new Utf8ToLatin1Stream(new MemoryStream(Encoding.UTF8.GetBytes(text))), random), Is.EqualTo(bytes));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Python_literals_become_bytes(int seed)
    {
        byte[] bytes = RandomBytes(seed, out Random random);
        string literal = string.Concat(bytes.Select(value => Literal(value, random)));
        Assert.That(ReadAll(new PythonLiteralStream(new MemoryStream(Encoding.Latin1.GetBytes(literal))), random), Is.EqualTo(bytes));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Unicode_escapes_become_bytes(int seed)
    {
        byte[] bytes = RandomBytes(seed, out Random random);
        string escaped = string.Concat(bytes.Select(value => value is (byte)'\\' or (byte)'\n' || random.Next(5) == 0
            ? random.Next(2) == 0 ? $"\\u{value:x4}" : $"\\U{value:X8}"
            : ((char)value).ToString()));
        Assert.That(ReadAll(new UnicodeEscapeStream(new MemoryStream(Encoding.Latin1.GetBytes(escaped))), random), Is.EqualTo(bytes));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void Any_damage_to_utf8_is_found(int seed)
    {
        byte[] bytes = RandomBytes(seed, out Random random);
        byte[] utf8 = [.. Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes)), (byte)'x'];
        utf8[random.Next(utf8.Length)] = (byte)random.Next(0x80, 0x100);
        bool valid = IsCharactersBelow256(utf8);
        byte[]? read = null;
        try
        {
            read = ReadAll(new Utf8ToLatin1Stream(new MemoryStream(utf8)), random);
        }
        catch (InvalidDataException)
        {
            Assert.That(valid, Is.False);
        }

        Assert.That(read, valid ? Is.EqualTo(Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(utf8))) : Is.Null);
    }

    [TestCase("\\")]
    [TestCase("abc\\x1")]
    [TestCase("\\xzz")]
    [TestCase("\\q")]
    public void Damaged_literals_are_refused(string literal) =>
        Assert.Throws<InvalidDataException>(() => ReadAll(new PythonLiteralStream(new MemoryStream(Encoding.Latin1.GetBytes(literal))), new Random(1)));

    [TestCase("\\u00f")]
    [TestCase("\\u0100")]
    [TestCase("\\Uffffffff")]
    [TestCase("\\u00zz")]
    public void Damaged_escapes_are_refused(string escaped) =>
        Assert.Throws<InvalidDataException>(() => ReadAll(new UnicodeEscapeStream(new MemoryStream(Encoding.Latin1.GetBytes(escaped))), new Random(1)));

    private static byte[] RandomBytes(int seed, out Random random)
    {
        random = new Random(seed);
        byte[] bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            bytes = [.. bytes.Select(value => (byte)(value & 0x7F))];
        }

        return bytes;
    }

    private static byte[] ReadAll(Stream stream, Random random)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[64];
        for (int count; (count = stream.Read(buffer, 0, random.Next(1, 65))) > 0;)
        {
            all.AddRange(buffer.AsSpan(0, count));
        }

        return [.. all];
    }

    private static string Literal(byte value, Random random) => (random.Next(4), value) switch
    {
        (0, _) => $"\\x{value:x2}",
        (1, _) => "\\" + Convert.ToString(value, 8).PadLeft(3, '0'),
        (_, (byte)'\\') => "\\\\",
        (_, (byte)'\n') => "\\n",
        (_, (byte)'\t') => "\\t",
        (_, (byte)'\'') => "\\'",
        _ => ((char)value).ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsCharactersBelow256(byte[] utf8)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8).All(character => character < 256);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
