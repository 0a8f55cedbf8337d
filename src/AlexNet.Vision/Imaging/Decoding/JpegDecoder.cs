namespace AlexNetTF.Imaging;

/// <summary>Decodes a JPEG, also one that was cut short.</summary>
internal static class JpegDecoder
{
    /// <summary>The picture as stored and its orientation.</summary>
    internal static (DecodedImage Image, int Orientation) Decode(ReadOnlySpan<byte> jpeg, string name, ImageLimits limits)
    {
        List<JpegSegment> segments = JpegSegments.Read(jpeg);
        bool whole = segments.Exists(s => s.Marker == JpegSegment.EndOfImage);
        SkiaResult result = Decode(jpeg, segments, name, limits);
        if (result.Image is null && !whole && JpegRepair.Complete(jpeg) is { } completed)
            result = Decode(completed, JpegSegments.Read(completed), name, limits) is { Image: not null } repaired ? repaired : result;
        if (result.Image is not { } image)
            throw ImageDecoder.Broken(name, ImageContainer.Jpeg, result.Code);
        if (!whole)
            image.Warning = $"the JPEG file ends early, after {jpeg.Length:N0} bytes without an end marker: what is lost is grey or coarse";
        return (image, result.Orientation);
    }

    private static SkiaResult Decode(ReadOnlySpan<byte> jpeg, List<JpegSegment> segments, string name, ImageLimits limits)
    {
        JpegFrame? frame = JpegFrame.Find(jpeg, segments);
        if (frame is not null)
            RequireRepaints(frame, segments, name, limits);
        if (frame is { Components.Length: 4 } && CmykJpeg.Decode(jpeg, segments, name, limits) is { Image: not null } result)
            return result;
        return SkiaDecoder.Decode(jpeg, name, limits);
    }

    // Every scan passes over all pixels, however few bytes it has.
    private static void RequireRepaints(JpegFrame frame, List<JpegSegment> segments, string name, ImageLimits limits)
    {
        int scans = segments.Count(s => s.Marker == JpegSegment.StartOfScan);
        if ((double)frame.Width * frame.Height * scans > (double)limits.MaxPixels * limits.MaxRepaints)
            throw new ImageFormatException(name, ImageProblem.TooLarge, $"the picture draws its {frame.Width}×{frame.Height} pixels in {scans} scans, more work than ImageLimits allows ({limits.MaxRepaints} times {limits.MaxPixels:N0} pixels).");
    }
}
