using System.Buffers.Binary;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// TensorFlow's record files: 64-bit length, masked CRC-32C of those eight bytes, the data, masked CRC-32C of the data.
/// No header.
/// </summary>
internal static class RecordFraming
{
    /// <summary>Bytes around the data of a record.</summary>
    public const int Overhead = HeaderSize + sizeof(uint);

    private const int HeaderSize = sizeof(ulong) + sizeof(uint);

    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(ulong)..], Crc32C.Mask(Crc32C.Compute(header[..sizeof(ulong)])));
        stream.Write(header);
        stream.Write(data);
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C.Mask(Crc32C.Compute(data)));
        stream.Write(trailer);
    }

    /// <summary>Whether a file that begins with these bytes is such a file: the first length has its checksum.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> head) => head.Length >= HeaderSize
        && BinaryPrimitives.ReadUInt32LittleEndian(head[sizeof(ulong)..]) == Crc32C.Mask(Crc32C.Compute(head[..sizeof(ulong)]));

    /// <summary>The next record, or null at the end of the file.</summary>
    /// <param name="stream">A stream that knows its length.</param>
    /// <param name="path">The file's name, for errors.</param>
    /// <exception cref="FileFormatException">The record is cut off, or a checksum does not fit.</exception>
    public static byte[]? Read(Stream stream, string path)
    {
        long start = stream.Position;
        Span<byte> header = stackalloc byte[HeaderSize];
        int got = stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
        if (got == 0) return null;
        if (got < HeaderSize) throw CutOff(path, start, $"the header has {got} of {HeaderSize} bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header);
        Check(path, start, "length", header[..sizeof(ulong)], header[sizeof(ulong)..]);
        long left = stream.Length - stream.Position - sizeof(uint);
        if (left < 0 || length > (ulong)left) throw CutOff(path, start, $"it needs {length} bytes and a checksum, the file has {Math.Max(left + sizeof(uint), 0)} more");
        if (length > (ulong)Array.MaxLength) throw new FileFormatException(path, $"the record at offset {start} has {length} bytes, more than an array can hold.");
        var data = new byte[length];
        stream.ReadExactly(data);
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        stream.ReadExactly(trailer);
        Check(path, start, "data", data, trailer);
        return data;
    }

    private static void Check(string path, long start, string what, ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        uint actual = Crc32C.Mask(Crc32C.Compute(data));
        if (expected != actual)
        {
            throw new FileFormatException(path, $"the checksum of the {what} of the record at offset {start} is {actual:x8}, the file says {expected:x8}: " +
                "the file is damaged or no TensorFlow record file.");
        }
    }

    private static FileFormatException CutOff(string path, long start, string detail) =>
        new(path, $"the record at offset {start} is cut off: {detail}. The file was cut short, or is still being written.");
}
