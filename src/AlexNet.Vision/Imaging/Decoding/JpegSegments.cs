using System.Buffers.Binary;

namespace AlexNetTF.Imaging;

/// <summary>A marker segment of a JPEG: a marker with its parameters, for a scan also its entropy-coded data.</summary>
/// <param name="Marker">The marker's second byte.</param>
/// <param name="Start">Where its 0xFF lies.</param>
/// <param name="Data">Where the entropy-coded data of a scan begins; for other segments the same as <paramref name="End"/>.</param>
/// <param name="End">The first byte after the segment.</param>
/// <param name="Complete">Whether the parameters are all there (of a scan the data may still be cut).</param>
internal readonly record struct JpegSegment(int Marker, int Start, int Data, int End, bool Complete)
{
    internal const int StartOfImage = 0xD8;
    internal const int EndOfImage = 0xD9;
    internal const int StartOfScan = 0xDA;
    internal const int RestartInterval = 0xDD;
    internal const int HuffmanTables = 0xC4;
    internal const int Exif = 0xE1;
    internal const int Adobe = 0xEE;

    /// <summary>Whether this is a frame header (SOF0 … SOF15 but DHT, JPG, DAC).</summary>
    internal bool IsFrame => Marker is >= 0xC0 and <= 0xCF and not HuffmanTables and not 0xC8 and not 0xCC;

    /// <summary>The parameters after the length.</summary>
    internal ReadOnlySpan<byte> Parameters(ReadOnlySpan<byte> jpeg) => Data - Start > 4 ? jpeg[(Start + 4)..Data] : default;
}

/// <summary>Walks the marker segments of a JPEG without decoding anything.</summary>
internal static class JpegSegments
{
    /// <summary>All segments up to the end of the image, or to where the file ends.</summary>
    internal static List<JpegSegment> Read(ReadOnlySpan<byte> jpeg)
    {
        List<JpegSegment> segments = [];
        int at = 0;
        while (NextMarker(jpeg, at) is { } start)
        {
            JpegSegment segment = ReadOne(jpeg, start);
            segments.Add(segment);
            if (segment.Marker == JpegSegment.EndOfImage || !segment.Complete)
                break;
            at = segment.End;
        }

        return segments;
    }

    private static JpegSegment ReadOne(ReadOnlySpan<byte> jpeg, int start)
    {
        int marker = jpeg[start + 1];
        if (marker is 0x01 or (>= 0xD0 and <= 0xD9))
            return new(marker, start, start + 2, start + 2, true);
        if (jpeg.Length - start < 4)
            return new(marker, start, jpeg.Length, jpeg.Length, false);
        int end = start + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(start + 2)..]);
        if (end > jpeg.Length || end < start + 4)
            return new(marker, start, jpeg.Length, jpeg.Length, false);
        return new(marker, start, end, marker == JpegSegment.StartOfScan ? EndOfData(jpeg, end) : end, true);
    }

    // In entropy-coded data 0xFF is followed by 0 (a stuffed byte) or by a restart marker; anything else ends the data.
    private static int EndOfData(ReadOnlySpan<byte> jpeg, int at)
    {
        while (NextMarker(jpeg, at) is { } marker)
        {
            if (jpeg[marker + 1] is not (>= 0xD0 and <= 0xD7))
                return marker;
            at = marker + 2;
        }

        return jpeg.Length;
    }

    /// <summary>Where the next 0xFF lies that is followed by neither 0 nor 0xFF; null where none follows.</summary>
    private static int? NextMarker(ReadOnlySpan<byte> jpeg, int at)
    {
        while (at < jpeg.Length)
        {
            int step = jpeg[at..].IndexOf((byte)0xFF);
            if (step < 0 || at + step + 1 >= jpeg.Length)
                return null;
            at += step;
            if (jpeg[at + 1] is not (0 or 0xFF))
                return at;
            at++;
        }

        return null;
    }
}
