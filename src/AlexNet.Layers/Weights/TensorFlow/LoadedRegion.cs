namespace AlexNetTF.Weights;

/// <summary>Bytes that must be put together in memory before they can be read; done when they are first asked for.</summary>
internal sealed class LoadedRegion(WeightBytes file, long length, Func<byte[]> load) : ByteRegion
{
    private readonly Lazy<byte[]> _bytes = new(load);

    public override long Length => length;

    public override bool IsRandomAccess => true;

    public override long FilePosition => 0;

    public override WeightBytes File => file;

    public override void Read(long at, Span<byte> destination) => _bytes.Value.AsSpan((int)at, destination.Length).CopyTo(destination);
}
