using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AlexNetTF.Weights;

/// <summary>One file of a zip archive.</summary>
internal sealed record ZipMember(string Name, int Flags, int Method, long PackedSize, long Size, long HeaderOffset);

/// <summary>
/// The table of contents of a zip archive (APPNOTE 4.3: end record, zip64 end record, central directory). Unlike
/// ZipArchive it tells where stored members lie, so that they can be read by position, in parallel, or mapped.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint Locator64Signature = 0x07064B50;
    private const int EndLength = 22;
    private const int CentralLength = 46;
    private const int LocalLength = 30;

    // Deflate codes at most 258 bytes in two bits.
    private const long MaximumRatio = 1032;

    private readonly WeightBytes _file;

    private ZipDirectory(WeightBytes file, List<ZipMember> members)
    {
        _file = file;
        Members = members;
    }

    public IReadOnlyList<ZipMember> Members { get; }

    public static bool Recognises(WeightBytes file) =>
        file.Head.AsSpan().StartsWith("PK\x03\x04"u8) || file.Head.AsSpan().StartsWith("PK\x05\x06"u8);

    public static ZipDirectory Read(WeightBytes file)
    {
        (long count, long size, long offset) = ReadEnd(file);
        WeightEntries.RequireFewer(file, offset, count);
        if (count * CentralLength > size || size > file.Length - offset)
        {
            throw file.Error(offset, $"the zip directory claims {count:N0} members in {size:N0} bytes, which the file of {file.Length:N0} bytes does not hold");
        }

        byte[] directory = new byte[size];
        file.Read(offset, directory);
        var members = new List<ZipMember>((int)count);
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            members.Add(ReadMember(file, offset, directory, ref at));
        }

        return new ZipDirectory(file, members);
    }

    /// <summary>The unpacked bytes of a member; a region that must be disposed is added to <paramref name="owned"/>.</summary>
    public ByteRegion Open(ZipMember member, List<IDisposable> owned)
    {
        if ((member.Flags & 1) != 0)
        {
            throw _file.Error(member.HeaderOffset, $"'{member.Name}' is encrypted");
        }

        long start = DataOffset(member);
        switch (member.Method)
        {
            case 0 when member.Size == member.PackedSize:
                return new FileRegion(_file, start, member.Size);
            case 8 when member.Size / MaximumRatio <= member.PackedSize:
                var inflated = new DecodedRegion(
                    _file, start, member.Size, "deflated", () => new DeflateStream(new FileWindowStream(_file, start, member.PackedSize), CompressionMode.Decompress));
                owned.Add(inflated);
                return inflated;
            case 0 or 8:
                throw _file.Error(member.HeaderOffset, $"'{member.Name}' claims {member.Size:N0} bytes, which its {member.PackedSize:N0} packed bytes cannot hold");
            default:
                throw _file.Error(member.HeaderOffset, $"'{member.Name}' is packed by method {member.Method}; stored (0) and deflated (8) members are read");
        }
    }

    private long DataOffset(ZipMember member)
    {
        Span<byte> header = stackalloc byte[LocalLength];
        if (member.HeaderOffset > _file.Length - LocalLength)
        {
            throw _file.Error(member.HeaderOffset, $"'{member.Name}' lies outside the file");
        }

        _file.Read(member.HeaderOffset, header);
        if (UInt32(header) != LocalSignature)
        {
            throw _file.Error(member.HeaderOffset, $"the local header of '{member.Name}' is missing");
        }

        long start = member.HeaderOffset + LocalLength + UInt16(header[26..]) + UInt16(header[28..]);
        return member.PackedSize <= _file.Length - start
            ? start
            : throw _file.Error(start, $"'{member.Name}' takes {member.PackedSize:N0} bytes, but the file ends after {Math.Max(_file.Length - start, 0):N0}");
    }

    private static (long Count, long Size, long Offset) ReadEnd(WeightBytes file)
    {
        byte[] tail = new byte[(int)Math.Min(file.Length, EndLength + ushort.MaxValue)];
        long tailStart = file.Length - tail.Length;
        file.Read(tailStart, tail);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (UInt32(end) == EndSignature && UInt16(end[20..]) == end.Length - EndLength)
            {
                (long count, long size, long offset) = (UInt16(end[10..]), UInt32(end[12..]), UInt32(end[16..]));
                bool is64 = count == ushort.MaxValue || size == uint.MaxValue || offset == uint.MaxValue;
                return is64 ? ReadEnd64(file, tailStart + at) : Checked(file, tailStart + at, count, size, offset);
            }
        }

        throw file.Error(file.Length, "the zip archive has no end record; the file is cut short");
    }

    private static (long Count, long Size, long Offset) ReadEnd64(WeightBytes file, long endOffset)
    {
        Span<byte> locator = stackalloc byte[20];
        Span<byte> end = stackalloc byte[56];
        if (endOffset >= locator.Length)
        {
            file.Read(endOffset - locator.Length, locator);
            long offset = Int64(locator[8..]);
            if (UInt32(locator) == Locator64Signature && offset >= 0 && offset <= file.Length - end.Length)
            {
                file.Read(offset, end);
                if (UInt32(end) == End64Signature)
                {
                    return Checked(file, offset, Int64(end[32..]), Int64(end[40..]), Int64(end[48..]));
                }
            }
        }

        throw file.Error(endOffset, "the zip archive's 64-bit end record is missing");
    }

    private static (long Count, long Size, long Offset) Checked(WeightBytes file, long at, long count, long size, long offset) =>
        count >= 0 && size >= 0 && offset >= 0 && offset <= file.Length
            ? (count, size, offset)
            : throw file.Error(at, $"the zip directory cannot lie at byte {offset:N0} of {file.Length:N0}");

    private static ZipMember ReadMember(WeightBytes file, long start, byte[] directory, ref int at)
    {
        ReadOnlySpan<byte> record = directory.AsSpan(at);
        if (record.Length < CentralLength || UInt32(record) != CentralSignature)
        {
            throw file.Error(start + at, "an entry of the zip directory is missing");
        }

        int nameLength = UInt16(record[28..]), extraLength = UInt16(record[30..]), commentLength = UInt16(record[32..]);
        int length = CentralLength + nameLength + extraLength + commentLength;
        if (length > record.Length)
        {
            throw file.Error(start + at, "an entry of the zip directory is cut short");
        }

        // Names are UTF-8 (flag 11) or code page 437; those that weights have are ASCII, where both agree.
        string name = Encoding.UTF8.GetString(record.Slice(CentralLength, nameLength));
        (long packed, long size, long offset) = Sizes64(
            record.Slice(CentralLength + nameLength, extraLength), UInt32(record[20..]), UInt32(record[24..]), UInt32(record[42..]));
        if (packed < 0 || size < 0 || offset < 0)
        {
            throw file.Error(start + at, $"the sizes of '{name}' do not fit 63 bits");
        }

        at += length;
        return new ZipMember(name, UInt16(record[8..]), UInt16(record[10..]), packed, size, offset);
    }

    /// <summary>Extra field 1 holds, in this order, those of size, packed size and offset that are all ones in the entry.</summary>
    private static (long Packed, long Size, long Offset) Sizes64(ReadOnlySpan<byte> extra, long packed, long size, long offset)
    {
        while (extra.Length >= 4)
        {
            int id = UInt16(extra), length = Math.Min(UInt16(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (id == 1)
            {
                size = Take(ref field, size);
                packed = Take(ref field, packed);
                offset = Take(ref field, offset);
            }

            extra = extra[(4 + length)..];
        }

        return (packed, size, offset);
    }

    private static long Take(ref ReadOnlySpan<byte> field, long value)
    {
        if (value != uint.MaxValue || field.Length < 8)
        {
            return value;
        }

        long wide = Int64(field);
        field = field[8..];
        return wide;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
