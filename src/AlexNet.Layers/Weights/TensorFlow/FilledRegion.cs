namespace AlexNetTF.Weights;

/// <summary>
/// A TensorProto that lists fewer values than its shape has: the last one stands for the rest, none at all for zeros.
/// </summary>
internal sealed class FilledRegion(ByteRegion listed, int size, long count) : ByteRegion
{
    public override long Length => count * size;

    public override bool IsRandomAccess => listed.IsRandomAccess;

    public override long FilePosition => listed.FilePosition;

    public override WeightBytes File => listed.File;

    /// <summary>Reads whole values: position and length are multiples of their size.</summary>
    public override void Read(long at, Span<byte> destination)
    {
        int given = (int)Math.Clamp(listed.Length - at, 0, destination.Length);
        listed.Read(at, destination[..given]);
        Span<byte> rest = destination[given..];
        if (rest.IsEmpty)
        {
            return;
        }

        Span<byte> last = stackalloc byte[size];
        last.Clear();
        if (listed.Length > 0)
        {
            listed.Read(listed.Length - size, last);
        }

        for (; rest.Length > 0; rest = rest[size..])
        {
            last.CopyTo(rest);
        }
    }
}
