namespace AlexNetTF.Imaging;

/// <summary>
/// Rewrites a JPEG of four components as one of three, without decoding a sample: scans of the dropped component are left
/// out, and where it shares a scan its codes are skipped bit by bit. So a decoder that mixes the four components itself
/// can be made to show each.
/// </summary>
internal sealed class JpegComponents
{
    private readonly List<byte> output = [];
    private readonly JpegHuffmanTable?[] tables = new JpegHuffmanTable?[8];
    private readonly byte dropped;
    private readonly JpegFrame frame;
    private int restartInterval;

    private JpegComponents(JpegFrame frame, int index) => (this.frame, dropped) = (frame, frame.Components[index].Id);

    /// <summary>The file without a component, or null where its kind is not handled.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="index">Which component of the frame goes, from 0.</param>
    /// <param name="transform">What the three that are left mean: 0 red, green, blue as they are; 1 YCbCr.</param>
    internal static byte[]? Without(ReadOnlySpan<byte> jpeg, int index, byte transform)
    {
        List<JpegSegment> segments = JpegSegments.Read(jpeg);
        if (JpegFrame.Find(jpeg, segments) is not { Components.Length: 4, IsHuffman: true } frame || !frame.KeepsSampling(index))
            return null;
        var rewriter = new JpegComponents(frame, index);
        rewriter.output.AddRange([0xFF, JpegSegment.StartOfImage]);
        // An Adobe segment of version 100 without flags; a JFIF segment would claim YCbCr and is left out.
        rewriter.output.AddRange([0xFF, JpegSegment.Adobe, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform]);
        foreach (JpegSegment segment in segments)
        {
            if (!rewriter.Add(jpeg, segment))
                return null;
        }

        return [.. rewriter.output];
    }

    private bool Add(ReadOnlySpan<byte> jpeg, JpegSegment segment)
    {
        ReadOnlySpan<byte> parameters = segment.Parameters(jpeg);
        switch (segment.Marker)
        {
            case JpegSegment.StartOfImage or (>= 0xE0 and <= 0xEF and not JpegSegment.Exif):
                return true;
            case JpegSegment.StartOfScan:
                return AddScan(jpeg, segment, parameters);
            case JpegSegment.HuffmanTables when !JpegHuffmanTable.Read(parameters, tables):
                return false;
            case JpegSegment.RestartInterval when parameters.Length >= 2:
                restartInterval = (parameters[0] << 8) | parameters[1];
                break;
            default:
                if (segment.IsFrame)
                {
                    AddFrame(segment, parameters);
                    return true;
                }

                break;
        }

        output.AddRange(jpeg[segment.Start..segment.End]);
        return true;
    }

    private void AddFrame(JpegSegment segment, ReadOnlySpan<byte> parameters)
    {
        output.AddRange([0xFF, (byte)segment.Marker, 0, 17, .. parameters[..5], 3]);
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> component = parameters.Slice(6 + (3 * i), 3);
            if (component[0] != dropped)
                output.AddRange(component);
        }
    }

    private bool AddScan(ReadOnlySpan<byte> jpeg, JpegSegment segment, ReadOnlySpan<byte> parameters)
    {
        if (parameters.IsEmpty || parameters.Length != 4 + (2 * parameters[0]))
            return false;
        List<ScanComponent> components = [];
        for (int i = 1; i < parameters.Length - 3; i += 2)
        {
            if (frame.Find(parameters[i]) is not { } component)
                return false;
            components.Add(new(component, parameters[i + 1]));
        }

        int kept = components.Count(c => c.Component.Id != dropped);
        if (kept == components.Count)
            output.AddRange(jpeg[segment.Start..segment.End]);
        if (kept == components.Count || kept == 0)
            return true;
        // A scan of one component has another order of blocks than one of several.
        if (kept == 1 && !frame.IsUnsampled)
            return false;
        output.AddRange([0xFF, JpegSegment.StartOfScan, 0, (byte)(6 + (2 * kept)), (byte)kept]);
        foreach (ScanComponent component in components.Where(c => c.Component.Id != dropped))
            output.AddRange([component.Component.Id, component.Tables]);
        output.AddRange(parameters[^3..]);
        return CopyData(jpeg[segment.Data..segment.End], components, spectralStart: parameters[^3], refines: parameters[^1] >> 4 != 0);
    }

    private bool CopyData(ReadOnlySpan<byte> data, List<ScanComponent> components, int spectralStart, bool refines)
    {
        if (frame.IsProgressive && spectralStart != 0)
            return false;
        var reader = new JpegBitReader(data);
        var writer = new JpegBitWriter(output);
        long units = frame.Units;
        for (long unit = 0; unit < units; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                writer.Flush();
                if (!reader.Restart(out byte marker))
                    return true;
                output.AddRange([0xFF, marker]);
            }

            // A scan that is cut or damaged ends here; the decoder fills the rest.
            foreach (ScanComponent component in components)
            {
                JpegBitWriter? to = component.Component.Id == dropped ? null : writer;
                for (int block = 0; block < component.Component.Blocks; block++)
                {
                    if (!CopyBlock(ref reader, to, component, refines))
                    {
                        writer.Flush();
                        return true;
                    }
                }
            }
        }

        writer.Flush();
        return true;
    }

    private bool CopyBlock(ref JpegBitReader reader, JpegBitWriter? writer, ScanComponent component, bool refines)
    {
        if (refines)
            return CopyBits(ref reader, writer, 1);
        if (tables[component.Tables >> 4 & 3] is not { } dc)
            return false;
        int bits = dc.Copy(ref reader, writer);
        if (bits < 0 || !CopyBits(ref reader, writer, bits))
            return false;
        if (frame.IsProgressive)
            return true;
        if (tables[4 + (component.Tables & 3)] is not { } ac)
            return false;
        for (int k = 1; k < 64; k++)
        {
            int symbol = ac.Copy(ref reader, writer);
            if (symbol < 0 || !CopyBits(ref reader, writer, symbol & 15))
                return false;
            if (symbol == 0)
                return true;
            // The high half counts zeros before the coefficient; 0xF0 stands for sixteen zeros.
            k += symbol >> 4;
        }

        return true;
    }

    private static bool CopyBits(ref JpegBitReader reader, JpegBitWriter? writer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int bit = reader.Next();
            if (bit < 0)
                return false;
            writer?.Write(bit);
        }

        return true;
    }

    private readonly record struct ScanComponent(JpegFrame.Component Component, byte Tables);
}
