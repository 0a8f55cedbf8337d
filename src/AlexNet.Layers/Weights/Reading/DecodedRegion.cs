namespace AlexNetTF.Weights;

/// <summary>
/// Bytes that come out of a decoder which only runs forward (deflate, text that stands for bytes).
/// Reading on is cheap; reading back starts over.
/// </summary>
internal sealed class DecodedRegion(WeightBytes file, long position, long length, string coding, Func<Stream> open)
    : ByteRegion, IDisposable
{
    private readonly Lock _lock = new();
    private Stream? _stream;
    private long _at;

    public override long Length => length;

    public override bool IsRandomAccess => false;

    public override long FilePosition => position;

    public override WeightBytes File => file;

    public override void Read(long at, Span<byte> destination)
    {
        lock (_lock)
        {
            Seek(at);
            Fill(destination);
        }
    }

    public override void ExpectEnd()
    {
        lock (_lock)
        {
            Span<byte> one = stackalloc byte[1];
            if (_stream is not null && _at == length && Decode(one) != 0)
            {
                throw file.Error(position, $"the {coding} data hold more than the {length:N0} bytes that the shape asks for");
            }
        }
    }

    public void Dispose() => _stream?.Dispose();

    private void Seek(long at)
    {
        if (_stream is null || at < _at)
        {
            _stream?.Dispose();
            _stream = open();
            _at = 0;
        }

        Span<byte> skipped = stackalloc byte[1024];
        while (_at < at)
        {
            Fill(skipped[..(int)Math.Min(skipped.Length, at - _at)]);
        }
    }

    private void Fill(Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int count = Decode(destination);
            if (count == 0)
            {
                throw file.Error(position, $"the {coding} data end after {_at:N0} bytes; the shape asks for {length:N0}");
            }

            destination = destination[count..];
            _at += count;
        }
    }

    private int Decode(Span<byte> destination)
    {
        try
        {
            return _stream!.Read(destination);
        }
        catch (InvalidDataException e)
        {
            throw file.Error(position, $"the {coding} data are damaged: {e.Message}", e);
        }
    }
}

/// <summary>A read-only, forward-only stream over a part of a file, for decoders that want a stream.</summary>
internal sealed class FileWindowStream(WeightBytes file, long position, long length) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, length - _at);
        file.Read(position + _at, buffer[..count]);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
