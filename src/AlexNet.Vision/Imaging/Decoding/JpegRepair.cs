using System.Buffers.Binary;

namespace AlexNetTF.Imaging;

/// <summary>
/// Completes a JPEG that was cut short. The decoder gives up where the bytes end; with an end marker in their place it
/// fills what is lost as OpenCV does: grey (128) in a sequential file, a coarser picture in a progressive one.
/// </summary>
internal static class JpegRepair
{
    /// <summary>
    /// The file with its torn last segment removed and an end marker added. Where that segment is the header of the only
    /// scan it is completed instead, and the whole picture is grey. Null where no scan begins.
    /// </summary>
    internal static byte[]? Complete(ReadOnlySpan<byte> jpeg)
    {
        List<JpegSegment> segments = JpegSegments.Read(jpeg);
        if (!segments.Exists(s => s.Complete && s.Marker == JpegSegment.StartOfScan))
            return segments.Count > 0 ? CompleteScanHeader(jpeg, segments[^1]) : null;
        JpegSegment last = segments.FindLast(s => s.Complete);
        int end = last.End;
        // A lone 0xFF would take the end marker's first byte as its own.
        while (end > last.Data && jpeg[end - 1] == 0xFF)
            end--;
        bool bare = last.Marker == JpegSegment.StartOfScan && end == last.Data;
        return bare ? [.. jpeg[..end], .. GreyAndEnd] : [.. jpeg[..end], .. End];
    }

    private static ReadOnlySpan<byte> End => [0xFF, JpegSegment.EndOfImage];

    // The decoder wants at least one byte of data in a scan.
    private static ReadOnlySpan<byte> GreyAndEnd => [0, 0xFF, JpegSegment.EndOfImage];

    private static byte[]? CompleteScanHeader(ReadOnlySpan<byte> jpeg, JpegSegment torn)
    {
        if (torn.Marker != JpegSegment.StartOfScan || jpeg.Length - torn.Start < 4)
            return null;
        int missing = torn.Start + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(torn.Start + 2)..]) - jpeg.Length;
        return missing > 0 ? [.. jpeg, .. new byte[missing], .. GreyAndEnd] : null;
    }
}
