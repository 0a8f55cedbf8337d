namespace AlexNetTF.Weights;

/// <summary>A forward-only decoder: stored bytes in, fewer or as many bytes out.</summary>
internal abstract class DecodingStream(Stream stored) : Stream
{
    private const int LongestUnit = 16;

    private readonly byte[] _buffer = new byte[(int)Math.Clamp(stored.Length, 2 * LongestUnit, 1 << 16)];
    private int _at;
    private int _filled;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int written = 0;
        while (written == 0 && buffer.Length > 0 && Refill())
        {
            _at += Decode(_buffer.AsSpan(_at, _filled - _at), buffer, out written);
        }

        return written;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        stored.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>
    /// Decodes whole units from the front of <paramref name="input"/>, which ends in the middle of one only where
    /// the data do. Gives the bytes consumed, at least one unit.
    /// </summary>
    protected abstract int Decode(ReadOnlySpan<byte> input, Span<byte> output, out int written);

    protected static InvalidDataException Damaged(string problem) => new(problem);

    protected static int Hexadecimal(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 16) + (char.IsAsciiHexDigit((char)digit)
                ? Convert.ToInt32(((char)digit).ToString(), 16)
                : throw Damaged("an escape without its hexadecimal digits"));
        }

        return value;
    }

    /// <summary>Keeps at least one whole unit (at most ten bytes) in the buffer.</summary>
    private bool Refill()
    {
        if (_filled - _at < LongestUnit)
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            _filled -= _at;
            _at = 0;
            _filled += stored.ReadAtLeast(_buffer.AsSpan(_filled), LongestUnit, throwOnEndOfStream: false);
        }

        return _filled > _at;
    }
}
