using AlexNetTF.TensorFlow.Protos;
using Microsoft.Win32.SafeHandles;

namespace AlexNetTF.TensorFlow;

/// <summary>The data files of a checkpoint, opened when first needed; reads are checked and may come from any thread.</summary>
internal sealed unsafe class ShardFiles(string prefix, int shards) : IDisposable
{
    // Small enough to stay in the second-level cache between being read and being summed up.
    private const int Chunk = 1 << 18;

    private readonly Dictionary<int, SafeFileHandle> files = [];
    private readonly Lock gate = new();

    /// <summary>Reads a tensor's bytes and checks their sum.</summary>
    /// <param name="entry">Where they lie.</param>
    /// <param name="shown">The tensor's name, for errors.</param>
    /// <param name="destination">Room for all of them.</param>
    public void Read(BundleEntryProto entry, string shown, byte* destination)
    {
        SafeFileHandle file = Open(entry, shown);
        uint crc = 0;
        for (long done = 0; done < entry.Size;)
        {
            var part = new Span<byte>(destination + done, (int)Math.Min(Chunk, entry.Size - done));
            int got = RandomAccess.Read(file, part, entry.Offset + done);
            if (got == 0) throw new FileFormatException(PathOf(entry), $"it ended at offset {entry.Offset + done}, inside {shown}.");
            crc = Crc32C.Extend(crc, part[..got]);
            done += got;
        }

        Check(entry, shown, crc);
    }

    /// <summary>Reads a tensor's bytes without checking their sum.</summary>
    public byte[] ReadUnchecked(BundleEntryProto entry, string shown)
    {
        SafeFileHandle file = Open(entry, shown);
        if (entry.Size > Array.MaxLength) throw new FileFormatException(PathOf(entry), $"{shown} at offset {entry.Offset} has {entry.Size} bytes, more than an array can hold.");
        var bytes = new byte[entry.Size];
        for (int done = 0; done < bytes.Length;)
        {
            int got = RandomAccess.Read(file, bytes.AsSpan(done), entry.Offset + done);
            if (got == 0) throw new FileFormatException(PathOf(entry), $"it ended at offset {entry.Offset + done}, inside {shown}.");
            done += got;
        }

        return bytes;
    }

    /// <exception cref="FileFormatException">The sum is not the one that the index has.</exception>
    public void Check(BundleEntryProto entry, string shown, uint crc)
    {
        if (Crc32C.Mask(crc) == entry.Crc32C) return;
        throw new FileFormatException(PathOf(entry), $"the checksum of {shown}, {entry.Size} bytes at offset {entry.Offset}, is {Crc32C.Mask(crc):x8}, the index says {entry.Crc32C:x8}: the file is damaged.");
    }

    /// <summary>Makes sure that the tensor's bytes exist, before anyone reserves memory for them.</summary>
    public void CheckRange(BundleEntryProto entry, string shown) => Open(entry, shown);

    public string PathOf(BundleEntryProto entry) => CheckpointPaths.Data(prefix, entry.ShardId, shards);

    public void Dispose()
    {
        lock (gate)
        {
            foreach (SafeFileHandle file in files.Values) file.Dispose();
            files.Clear();
        }
    }

    private SafeFileHandle Open(BundleEntryProto entry, string shown)
    {
        SafeFileHandle file = Open(entry.ShardId, PathOf(entry), shown);
        long length = RandomAccess.GetLength(file);
        if (entry.Offset + entry.Size > length)
        {
            throw new FileFormatException(PathOf(entry), $"{shown} lies at offset {entry.Offset} with {entry.Size} bytes, the file has {length}: it was cut short.");
        }

        return file;
    }

    private SafeFileHandle Open(int shard, string path, string shown)
    {
        lock (gate)
        {
            if (files.TryGetValue(shard, out SafeFileHandle? open)) return open;
            if (!File.Exists(path)) throw new FileFormatException(path, $"this file of the checkpoint, which holds {shown}, does not exist.");
            return files[shard] = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        }
    }
}
