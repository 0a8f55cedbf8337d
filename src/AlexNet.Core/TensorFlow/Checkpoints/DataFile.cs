using System.Globalization;
using System.Security.Cryptography;
using AlexNetTF.TensorFlow.Protos;
using Microsoft.Win32.SafeHandles;

namespace AlexNetTF.TensorFlow;

/// <summary>A data file being written under a temporary name.</summary>
internal sealed unsafe class DataFile : IDisposable
{
    // Small enough to stay in the second-level cache between being summed up and being written.
    private const int Chunk = 1 << 18;

    private readonly string path;
    private readonly string temporary;
    private readonly SafeFileHandle file;
    private long length;

    public DataFile(string path)
    {
        this.path = path;
        temporary = TemporaryName(path);
        file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write);
    }

    /// <summary>The name that TensorFlow gives a file while it is written.</summary>
    public static string TemporaryName(string path) =>
        path + ".tempstate" + BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))).ToString(CultureInfo.InvariantCulture);

    /// <summary>Appends bytes straight from memory, and notes their place in the entry.</summary>
    /// <returns>Their CRC-32C.</returns>
    public uint Append(byte* bytes, long count, BundleEntryProto entry)
    {
        entry.Offset = length;
        entry.Size = count;
        uint crc = 0;
        for (long done = 0; done < count; done += Chunk)
        {
            var part = new ReadOnlySpan<byte>(bytes + done, (int)Math.Min(Chunk, count - done));
            crc = Crc32C.Extend(crc, part);
            RandomAccess.Write(file, part, length + done);
        }

        length += count;
        return crc;
    }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    public void Publish()
    {
        RandomAccess.FlushToDisk(file);
        file.Dispose();
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose()
    {
        file.Dispose();
        File.Delete(temporary);
    }
}
