using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>
/// <c>cv2.resize</c>, INTER_LINEAR, 8 bits, bit for bit. Along x: H = S[first]·a0 + S[second]·a1 with 11-bit weights; along
/// y: (((b0·(H0 ≫ 4)) ≫ 16) + ((b1·(H1 ≫ 4)) ≫ 16) + 2) ≫ 2. A vector holds a pixel's channels.
/// </summary>
internal static class OpenCvLinear
{
    internal static void Run(ReadOnlySpan<uint> source, in ResizeGeometry g, in PixelWriter writer, Span<float> destination)
    {
        LinearTaps rows = LinearTaps.OpenCv(g.SourceHeight, g.TargetHeight, g.CropY, g.Height, zeroOutside: false);
        var columns = new Columns(g);
        var above = new Row(g.Width);
        var below = new Row(g.Width);
        var pixels = new Vector128<float>[g.Width];
        for (int y = 0; y < g.Height; y++)
        {
            // The row below is often the next one above.
            if (above.Source != rows.First[y])
                (above, below) = (below, above);
            columns.Scale(source, rows.First[y], above);
            columns.Scale(source, rows.Second[y], below);
            (int first, int second) = rows.FixedPoint(y);
            Blend(above.Values, below.Values, first, second, pixels);
            writer.WriteRow(pixels, destination[(y * g.Width * 3)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blend(Vector128<int>[] above, Vector128<int>[] below, int first, int second, Vector128<float>[] pixels)
    {
        Vector128<int> two = Vector128.Create(2);
        for (int x = 0; x < pixels.Length; x++)
        {
            Vector128<int> value = ((above[x] * first) >> 16) + ((below[x] * second) >> 16) + two;
            pixels[x] = Vector128.ConvertToSingle(value >> 2);
        }
    }

    /// <summary>A source row scaled along x, shifted right by 4.</summary>
    private sealed class Row(int width)
    {
        internal Vector128<int>[] Values { get; } = new Vector128<int>[width];

        internal int Source { get; set; } = -1;
    }

    /// <summary>The taps along x with their fixed-point weights.</summary>
    private readonly struct Columns
    {
        private readonly LinearTaps taps;
        private readonly int[] firstWeights;
        private readonly int[] secondWeights;
        private readonly int sourceWidth;

        internal Columns(in ResizeGeometry g)
        {
            taps = LinearTaps.OpenCv(g.SourceWidth, g.TargetWidth, g.CropX, g.Width, zeroOutside: true);
            firstWeights = new int[g.Width];
            secondWeights = new int[g.Width];
            for (int x = 0; x < g.Width; x++)
                (firstWeights[x], secondWeights[x]) = taps.FixedPoint(x);
            if (g.Mirror)
                taps = taps.Mirrored(g.SourceWidth);
            sourceWidth = g.SourceWidth;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Scale(ReadOnlySpan<uint> source, int y, Row row)
        {
            if (row.Source == y)
                return;
            row.Source = y;
            source = source.Slice(y * sourceWidth, sourceWidth);
            Vector128<int>[] values = row.Values;
            int[] first = taps.First, second = taps.Second;
            for (int x = 0; x < values.Length; x++)
            {
                Vector128<int> sum = (Resampler.Unpack(source[first[x]]) * firstWeights[x]) + (Resampler.Unpack(source[second[x]]) * secondWeights[x]);
                values[x] = sum >> 4;
            }
        }
    }
}
