using System.Text;

namespace AlexNetTF.Weights;

/// <content>Strings: they stay in the file until somebody needs their text or their bytes.</content>
internal sealed partial class PickleMachine
{
    private const int LongestText = 4096;

    // Strings of up to this length are decoded at once, so that damage is found when the file is opened.
    private const int CheckedAtOnce = 1 << 16;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A name: text, or the bytes that Python 2 writes for it, which are read as Latin-1.</summary>
    public string Text(PickleBlob blob)
    {
        if (blob.Length > LongestText)
        {
            throw File.Error(blob.Position, $"a name of {blob.Length:N0} bytes; at most {LongestText:N0} are read");
        }

        if (blob.Coding == BlobCoding.Text)
        {
            return Utf8(blob);
        }

        byte[] bytes = new byte[blob.Length];
        using Stream decoded = Decoded(blob);
        int length = ReadAll(blob, decoded, bytes);
        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    /// <summary>The bytes of a blob, which must be exactly <paramref name="length"/>.</summary>
    public ByteRegion Region(PickleBlob blob, long length, List<IDisposable> owned)
    {
        if (blob.IsText)
        {
            throw File.Error(blob.Position, "text stands where the bytes of an array belong");
        }

        if (blob.Coding == BlobCoding.Bytes)
        {
            return new FileRegion(File, blob.Position, blob.Length);
        }

        // \u00ff is the longest way to write a byte.
        if (length > blob.Length || blob.Length > 6 * length)
        {
            throw File.Error(blob.Position, $"{blob.Length:N0} characters cannot stand for the {length:N0} bytes of the array");
        }

        var region = new DecodedRegion(File, blob.Position, length, "encoded", () => Decoded(blob));
        owned.Add(region);
        CheckShort(region, blob.Length);
        return region;
    }

    private static void CheckShort(DecodedRegion region, long storedLength)
    {
        if (storedLength > CheckedAtOnce)
        {
            return;
        }

        region.Read(0, new byte[region.Length]);
        region.ExpectEnd();
    }

    private void PushBlob(ulong length, BlobCoding coding)
    {
        var blob = new PickleBlob(_cursor.Skip(length), (long)length, coding);
        if (coding == BlobCoding.Text && blob.Length <= LongestText)
        {
            Utf8(blob);
        }

        Push(blob);
    }

    /// <summary>STRING: a Python literal in quotes on a line of its own.</summary>
    private void PushQuoted()
    {
        (long position, long length) = _cursor.SkipLine();
        Span<byte> quotes = stackalloc byte[2];
        if (length >= 2)
        {
            File.Read(position, quotes[..1]);
            File.Read(position + length - 1, quotes[1..]);
        }

        if (quotes[0] is not ((byte)'\'' or (byte)'"') || quotes[0] != quotes[1])
        {
            throw Error("a string literal without its quotes");
        }

        Push(new PickleBlob(position + 1, length - 2, BlobCoding.EscapedBytes));
    }

    private void PushTextLine()
    {
        (long position, long length) = _cursor.SkipLine();
        Push(new PickleBlob(position, length, BlobCoding.EscapedText));
    }

    private string Utf8(PickleBlob blob)
    {
        byte[] bytes = new byte[blob.Length];
        File.Read(blob.Position, bytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw File.Error(blob.Position, "a text is not UTF-8", e);
        }
    }

    private int ReadAll(PickleBlob blob, Stream decoded, byte[] bytes)
    {
        try
        {
            return decoded.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw File.Error(blob.Position, $"a string is damaged: {e.Message}", e);
        }
    }

    private Stream Decoded(PickleBlob blob)
    {
        var stored = new FileWindowStream(File, blob.Position, blob.Length);
        return blob.Coding switch
        {
            BlobCoding.Bytes => stored,
            BlobCoding.EscapedBytes => new PythonLiteralStream(stored),
            BlobCoding.BytesInText => new Utf8ToLatin1Stream(stored),
            _ => new UnicodeEscapeStream(stored),
        };
    }
}
