namespace AlexNetTF.Weights;

/// <summary>The bytes of one tensor, wherever they lie and however they are packed.</summary>
internal abstract class ByteRegion
{
    /// <summary>How many bytes <see cref="Read"/> gives in all.</summary>
    public abstract long Length { get; }

    /// <summary>Whether <see cref="Read"/> may be called in any order and from many threads.</summary>
    public abstract bool IsRandomAccess { get; }

    /// <summary>Where the bytes begin in their file.</summary>
    public abstract long FilePosition { get; }

    /// <summary>The file that holds the bytes.</summary>
    public abstract WeightBytes File { get; }

    /// <summary>Whether the file holds the very bytes, one behind the other, from <see cref="FilePosition"/> on.</summary>
    public virtual bool IsVerbatim => false;

    public abstract void Read(long position, Span<byte> destination);

    /// <summary>Called when all bytes were read in order: refuses what a packed form has too much.</summary>
    public virtual void ExpectEnd()
    {
    }
}

/// <summary>Bytes that lie in the file as they are.</summary>
internal sealed class FileRegion(WeightBytes file, long position, long length) : ByteRegion
{
    public override long Length => length;

    public override bool IsRandomAccess => true;

    public override long FilePosition => position;

    public override WeightBytes File => file;

    public override bool IsVerbatim => true;

    public override void Read(long at, Span<byte> destination) => file.Read(position + at, destination);
}

/// <summary>A few bytes that the reader made itself, such as a number that a pickle spells out.</summary>
internal sealed class ValueRegion(WeightBytes file, long position, byte[] values) : ByteRegion
{
    public override long Length => values.Length;

    public override bool IsRandomAccess => true;

    public override long FilePosition => position;

    public override WeightBytes File => file;

    public override void Read(long at, Span<byte> destination) =>
        values.AsSpan((int)at, destination.Length).CopyTo(destination);
}

/// <summary>A part of another region.</summary>
internal sealed class SubRegion(ByteRegion whole, long start, long length) : ByteRegion
{
    public override long Length => length;

    public override bool IsRandomAccess => whole.IsRandomAccess;

    public override long FilePosition => whole.IsVerbatim ? whole.FilePosition + start : whole.FilePosition;

    public override WeightBytes File => whole.File;

    public override bool IsVerbatim => whole.IsVerbatim;

    public override void Read(long at, Span<byte> destination) => whole.Read(start + at, destination);

    public override void ExpectEnd()
    {
        if (start + length == whole.Length)
        {
            whole.ExpectEnd();
        }
    }
}
