using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace AlexNetTF.TensorFlow;

/// <summary>One record of a table: bytes under a key.</summary>
internal readonly record struct TableEntry(byte[] Key, ReadOnlyMemory<byte> Value);

/// <summary>
/// Reads a sorted table in LevelDB's layout, which an index file is: data blocks, a block about blocks, an index block,
/// a footer of 48 bytes. After each block stand a byte that tells its compression and a masked CRC-32C over both.
/// </summary>
internal static class TableReader
{
    public const ulong Magic = 0xdb4775248b80fb57;
    public const int FooterSize = 48;
    public const int TrailerSize = 5;

    /// <summary>All records in the order of their keys.</summary>
    /// <exception cref="FileFormatException">The file is no table or is damaged.</exception>
    public static List<TableEntry> ReadAll(string path)
    {
        using SafeFileHandle file = InputFile.OpenHandle(path, "checkpoint index");
        long length = RandomAccess.GetLength(file);
        if (length < FooterSize) throw new FileFormatException(path, $"it has {length} bytes; an index file has at least the {FooterSize} of its footer.");
        var footer = new byte[FooterSize];
        ReadExactly(file, footer, length - FooterSize, path);
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer.AsSpan(FooterSize - sizeof(ulong))) != Magic)
        {
            throw new FileFormatException(path, "its last eight bytes are not those of a checkpoint's index file.");
        }

        var handles = new ByteReader(footer.AsSpan(0, FooterSize - sizeof(ulong)));
        Handle meta = ReadHandle(ref handles, path, length, length - FooterSize);
        Handle index = ReadHandle(ref handles, path, length, length - FooterSize);
        ReadBlock(file, path, meta);
        return ReadData(file, path, length, index);
    }

    private static List<TableEntry> ReadData(SafeFileHandle file, string path, long length, Handle index)
    {
        var entries = new List<TableEntry>();
        long keyBytes = 0;
        foreach (TableEntry block in BlockReader.Read(ReadBlock(file, path, index), path, index.Offset, ref keyBytes))
        {
            var reader = new ByteReader(block.Value.Span);
            Handle data = ReadHandle(ref reader, path, length, index.Offset);
            int before = entries.Count;
            entries.AddRange(BlockReader.Read(ReadBlock(file, path, data), path, data.Offset, ref keyBytes));
            CheckOrder(entries, before, path, data.Offset);
        }

        return entries;
    }

    private static void CheckOrder(List<TableEntry> entries, int from, string path, long blockOffset)
    {
        for (int i = Math.Max(from, 1); i < entries.Count; i++)
        {
            if (entries[i - 1].Key.AsSpan().SequenceCompareTo(entries[i].Key) >= 0)
            {
                throw new FileFormatException(path, $"record {i}, in the block at offset {blockOffset}, does not come after record {i - 1} in the order of keys.");
            }
        }
    }

    private static Handle ReadHandle(ref ByteReader reader, string path, long fileLength, long at)
    {
        if (!reader.TryVarint64(out ulong offset) || !reader.TryVarint64(out ulong size)
            || offset > (ulong)fileLength || size > (ulong)fileLength - offset
            || size + TrailerSize + FooterSize > (ulong)fileLength - offset)
        {
            throw new FileFormatException(path, $"the reference to a block at offset {at} leads outside the file of {fileLength} bytes.");
        }

        return new Handle((long)offset, (long)size);
    }

    private static byte[] ReadBlock(SafeFileHandle file, string path, Handle handle)
    {
        if (handle.Size > Array.MaxLength - TrailerSize) throw new FileFormatException(path, $"the block at offset {handle.Offset} has {handle.Size} bytes, more than an array can hold.");
        var bytes = new byte[handle.Size + TrailerSize];
        ReadExactly(file, bytes, handle.Offset, path);
        ReadOnlySpan<byte> covered = bytes.AsSpan(0, bytes.Length - sizeof(uint));
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(covered.Length));
        uint actual = Crc32C.Mask(Crc32C.Compute(covered));
        if (stored != actual) throw new FileFormatException(path, $"the checksum of the block at offset {handle.Offset} is {actual:x8}, the file says {stored:x8}: the file is damaged.");
        ReadOnlySpan<byte> content = covered[..^1];
        return covered[^1] switch
        {
            0 => content.ToArray(),
            1 => Snappy.Decode(content) ?? throw new FileFormatException(path, $"the compressed block at offset {handle.Offset} is malformed."),
            byte other => throw new FileFormatException(path, $"the block at offset {handle.Offset} is compressed in an unknown way ({other}); known are 0 (not) and 1 (Snappy)."),
        };
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset, string path)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int got = RandomAccess.Read(file, bytes[done..], offset + done);
            if (got == 0) throw new FileFormatException(path, $"it ended at offset {offset + done} while being read.");
            done += got;
        }
    }

    private readonly record struct Handle(long Offset, long Size);
}

/// <summary>
/// Reads one block: records whose keys leave out what they share with the key before, then the offsets at which a key
/// stands whole (restarts), then their count.
/// </summary>
internal static class BlockReader
{
    // Keys are stored by what they add to the one before, so a small file could describe keys without end.
    private const long MaxKeyBytes = 64 << 20;

    /// <summary>The records of a block, and the length of their keys added to <paramref name="keyBytes"/>.</summary>
    public static List<TableEntry> Read(byte[] block, string path, long blockOffset, ref long keyBytes)
    {
        int end = RecordsEnd(block, path, blockOffset);
        var entries = new List<TableEntry>();
        var reader = new ByteReader(block.AsSpan(0, end));
        byte[] key = [];
        while (!reader.AtEnd)
        {
            int start = reader.Position;
            if (!reader.TryVarint31(out int shared) || !reader.TryVarint31(out int unshared) || !reader.TryVarint31(out int size)
                || shared > key.Length || !reader.TryBytes(unshared, out ReadOnlySpan<byte> rest) || size > reader.Remaining)
            {
                throw new FileFormatException(path, $"record {entries.Count} of the block at offset {blockOffset}, {start} bytes into it, is malformed.");
            }

            keyBytes += shared + unshared;
            if (keyBytes > MaxKeyBytes) throw new FileFormatException(path, $"its keys have more than {MaxKeyBytes} bytes; no checkpoint needs that.");
            key = [.. key.AsSpan(0, shared), .. rest];
            entries.Add(new TableEntry(key, block.AsMemory(reader.Position, size)));
            reader.TryBytes(size, out _);
        }

        return entries;
    }

    private static int RecordsEnd(byte[] block, string path, long blockOffset)
    {
        long restarts = block.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(block.Length - sizeof(uint)));
        long end = block.Length - ((restarts + 1) * sizeof(uint));
        if (restarts == 0 || end < 0) throw new FileFormatException(path, $"the block at offset {blockOffset} of {block.Length} bytes has no room for {restarts} restarts.");
        return (int)end;
    }
}
