using System.Buffers;
using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>Writes a sorted table in the layout that <see cref="TableReader"/> reads, with TensorFlow's block size, uncompressed.</summary>
internal sealed class TableWriter(Stream output)
{
    private const int BlockSize = 262144;
    private readonly BlockWriter data = new(restartInterval: 16);
    private readonly BlockWriter index = new(restartInterval: 1);
    private byte[] lastKey = [];
    private byte[]? pendingHandle;
    private long offset;

    /// <summary>Adds a record; keys come in ascending order of their bytes.</summary>
    public void Add(byte[] key, ReadOnlySpan<byte> value)
    {
        if (key.Length + value.Length >= 2 * BlockSize) FlushData();
        if (pendingHandle is not null)
        {
            index.Add(Separator(lastKey, key), pendingHandle);
            pendingHandle = null;
        }

        lastKey = key;
        data.Add(key, value);
        if (data.Size >= BlockSize) FlushData();
    }

    public void Finish()
    {
        FlushData();
        byte[] metaHandle = WriteBlock(new BlockWriter(restartInterval: 1));
        if (pendingHandle is not null) index.Add(Successor(lastKey), pendingHandle);
        byte[] indexHandle = WriteBlock(index);
        var footer = new byte[TableReader.FooterSize];
        metaHandle.CopyTo(footer, 0);
        indexHandle.CopyTo(footer, metaHandle.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(TableReader.FooterSize - sizeof(ulong)), TableReader.Magic);
        output.Write(footer);
    }

    private void FlushData()
    {
        if (data.IsEmpty) return;
        pendingHandle = WriteBlock(data);
    }

    private byte[] WriteBlock(BlockWriter block)
    {
        ReadOnlySpan<byte> content = block.Finish();
        ReadOnlySpan<byte> uncompressed = [0];
        output.Write(content);
        output.Write(uncompressed);
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Mask(Crc32C.Extend(Crc32C.Compute(content), uncompressed)));
        output.Write(checksum);
        var handle = new ArrayBufferWriter<byte>();
        handle.WriteVarint((ulong)offset);
        handle.WriteVarint((ulong)content.Length);
        offset += content.Length + TableReader.TrailerSize;
        block.Clear();
        return handle.WrittenSpan.ToArray();
    }

    // A short key from `last` (included) to `next` (excluded): cut after the first byte that differs, raised by one,
    // where that leaves it below `next`.
    private static byte[] Separator(byte[] last, byte[] next)
    {
        int at = last.AsSpan().CommonPrefixLength(next);
        if (at >= last.Length || at >= next.Length || last[at] == byte.MaxValue || last[at] + 1 >= next[at]) return last;
        return Raised(last, at);
    }

    // A short key from `last` on: cut after the first byte below 255, raised by one.
    private static byte[] Successor(byte[] last)
    {
        int at = last.AsSpan().IndexOfAnyExcept(byte.MaxValue);
        return at < 0 ? last : Raised(last, at);
    }

    private static byte[] Raised(byte[] key, int at)
    {
        byte[] cut = key[..(at + 1)];
        cut[at]++;
        return cut;
    }
}

/// <summary>Builds one block; see <see cref="BlockReader"/> for its layout.</summary>
internal sealed class BlockWriter(int restartInterval)
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly List<int> restarts = [0];
    private byte[] lastKey = [];
    private int sinceRestart;

    public bool IsEmpty => bytes.WrittenCount == 0;

    /// <summary>Bytes of the finished block.</summary>
    public int Size => bytes.WrittenCount + ((restarts.Count + 1) * sizeof(uint));

    public void Add(byte[] key, ReadOnlySpan<byte> value)
    {
        int shared = 0;
        if (sinceRestart < restartInterval)
        {
            shared = key.AsSpan().CommonPrefixLength(lastKey);
        }
        else
        {
            restarts.Add(bytes.WrittenCount);
            sinceRestart = 0;
        }

        bytes.WriteVarint((ulong)shared);
        bytes.WriteVarint((ulong)(key.Length - shared));
        bytes.WriteVarint((ulong)value.Length);
        bytes.Write(key.AsSpan(shared));
        bytes.Write(value);
        lastKey = key;
        sinceRestart++;
    }

    public ReadOnlySpan<byte> Finish()
    {
        foreach (int restart in restarts) bytes.WriteFixed32((uint)restart);
        bytes.WriteFixed32((uint)restarts.Count);
        return bytes.WrittenSpan;
    }

    public void Clear()
    {
        bytes.Clear();
        restarts.Clear();
        restarts.Add(0);
        lastKey = [];
        sinceRestart = 0;
    }
}
