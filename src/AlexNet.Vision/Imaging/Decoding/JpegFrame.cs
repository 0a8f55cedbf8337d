using System.Buffers.Binary;

namespace AlexNetTF.Imaging;

/// <summary>The frame header of a JPEG.</summary>
internal sealed record JpegFrame(int Marker, int Width, int Height, JpegFrame.Component[] Components)
{
    internal readonly record struct Component(byte Id, int Horizontal, int Vertical)
    {
        /// <summary>Blocks in a unit of an interleaved scan.</summary>
        internal int Blocks => Horizontal * Vertical;
    }

    /// <summary>Sequential or progressive, by Huffman codes.</summary>
    internal bool IsHuffman => Marker is 0xC0 or 0xC1 or 0xC2;

    internal bool IsProgressive => Marker == 0xC2;

    internal bool IsUnsampled => Components.All(c => c.Blocks == 1);

    /// <summary>Units (MCUs) of an interleaved scan.</summary>
    internal long Units
    {
        get
        {
            int across = 8 * Components.Max(c => c.Horizontal);
            int down = 8 * Components.Max(c => c.Vertical);
            return (long)((Width + across - 1) / across) * ((Height + down - 1) / down);
        }
    }

    internal Component? Find(byte id) => Array.Exists(Components, c => c.Id == id) ? Array.Find(Components, c => c.Id == id) : null;

    /// <summary>Whether the other components have the same largest sampling factors without one of them.</summary>
    internal bool KeepsSampling(int without)
    {
        IEnumerable<Component> others = Components.Where((_, i) => i != without);
        return others.Max(c => c.Horizontal) == Components.Max(c => c.Horizontal) && others.Max(c => c.Vertical) == Components.Max(c => c.Vertical);
    }

    /// <summary>Reads the frame header; null where there is none or it is damaged.</summary>
    internal static JpegFrame? Find(ReadOnlySpan<byte> jpeg, List<JpegSegment> segments)
    {
        int index = segments.FindIndex(s => s.IsFrame);
        if (index < 0)
            return null;
        ReadOnlySpan<byte> parameters = segments[index].Parameters(jpeg);
        if (parameters.Length < 6 || parameters.Length != 6 + (3 * parameters[5]) || parameters[5] == 0)
            return null;
        int height = BinaryPrimitives.ReadUInt16BigEndian(parameters[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(parameters[3..]);
        var components = new Component[parameters[5]];
        for (int i = 0; i < components.Length; i++)
        {
            byte factors = parameters[7 + (3 * i)];
            components[i] = new(parameters[6 + (3 * i)], factors >> 4, factors & 15);
            if (components[i].Blocks == 0)
                return null;
        }

        return new(segments[index].Marker, width, height, components);
    }
}
