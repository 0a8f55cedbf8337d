using System.Buffers.Binary;
using System.Text;

namespace AlexNetTF.Weights;

/// <summary>
/// The head of a .npy file: magic, version, length, and a Python dictionary literal with exactly the keys descr,
/// fortran_order and shape. Versions 1.0 (16-bit length), 2.0 and 3.0 (32-bit length, 3.0 in UTF-8).
/// </summary>
/// <param name="Type">The type of the values; objects where the data are a pickle.</param>
/// <param name="IsFortran">Whether the first index runs fastest.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="DataOffset">How many bytes of the region come before the data.</param>
internal sealed record NpyHeader(NumpyType Type, bool IsFortran, long[] Shape, int DataOffset)
{
    // NumPy gives up above 10,000 characters; only structured types, which no weights have, need more than 64 KB.
    private const int MaximumLength = 1 << 16;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Parses the head of an array that begins where <paramref name="region"/> does.</summary>
    public static NpyHeader Read(ByteRegion region)
    {
        if (region.Length < 10)
        {
            throw Error(region, 0, $"a .npy header takes at least 10 bytes, but {region.Length} are there");
        }

        Span<byte> prefix = stackalloc byte[12];
        region.Read(0, prefix[..10]);
        if (!prefix.StartsWith(Magic))
        {
            throw Error(region, 0, "this is no .npy array: it does not begin with \\x93NUMPY");
        }

        int version = prefix[6];
        if (version is < 1 or > 3 || prefix[7] != 0)
        {
            throw Error(region, 6, $"version {prefix[6]}.{prefix[7]} of the .npy format is unknown; 1.0, 2.0 and 3.0 are read");
        }

        int start = version == 1 ? 10 : 12;
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : Length32(region, prefix);
        if (length > MaximumLength || start + length > region.Length)
        {
            throw Error(region, 8, $"the header claims {length:N0} bytes; at most {MaximumLength:N0} and no more than the {region.Length:N0} bytes that are there can be");
        }

        byte[] text = new byte[length];
        region.Read(start, text);
        return new NpyHeaderParser(region, start, Decode(region, start, text, version)).Parse(start + (int)length);
    }

    public static FileFormatException Error(ByteRegion region, int at, string problem) =>
        region.File.Error(region.FilePosition + (region.IsVerbatim ? at : 0), problem);

    private static uint Length32(ByteRegion region, Span<byte> prefix)
    {
        if (region.Length < 12)
        {
            throw Error(region, 8, "the file ends inside the length of the header");
        }

        region.Read(8, prefix.Slice(8, 4));
        return BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
    }

    private static string Decode(ByteRegion region, int start, byte[] text, int version)
    {
        try
        {
            return (version == 3 ? new UTF8Encoding(false, throwOnInvalidBytes: true) : Encoding.Latin1).GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw region.File.Error(region.FilePosition + start, "the header is not UTF-8", e);
        }
    }
}
