using AlexNetTF.TensorFlow;

namespace AlexNetTF.Weights;

/// <summary>Bytes that lie in the file as they are, with a checksum over all of them that is computed as they are read.</summary>
internal sealed class ChecksummedRegion(WeightBytes file, long position, long length, uint maskedCrc) : ByteRegion
{
    private readonly Lock _lock = new();
    private uint _crc;
    private long _summed;

    public override long Length => length;

    /// <summary>The checksum runs through the bytes in their order.</summary>
    public override bool IsRandomAccess => false;

    public override long FilePosition => position;

    public override WeightBytes File => file;

    public override bool IsVerbatim => true;

    public override void Read(long at, Span<byte> destination)
    {
        file.Read(position + at, destination);
        lock (_lock)
        {
            if (at == _summed || at == 0)
            {
                _crc = Crc32C.Extend(at == 0 ? 0 : _crc, destination);
                _summed = at + destination.Length;
            }
        }
    }

    /// <summary>Compares the checksum where the bytes were read from the first to the last.</summary>
    public override void ExpectEnd()
    {
        lock (_lock)
        {
            if (_summed == length && Crc32C.Mask(_crc) != maskedCrc)
            {
                throw file.Error(position, $"the checksum of the {length:N0} bytes is {Crc32C.Mask(_crc):x8}, the checkpoint's index says {maskedCrc:x8}; the file is damaged");
            }
        }
    }
}
