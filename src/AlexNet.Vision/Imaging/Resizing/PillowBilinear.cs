using System.Buffers;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>
/// Pillow's <c>Image.resize</c> with BILINEAR, bit for bit: a triangle filter as wide as the scale (so it antialiases), first
/// along x, then along y, weights with 22 fractional bits, 8 bits between the passes.
/// </summary>
internal static class PillowBilinear
{
    private const int Precision = 22;

    internal static void Run(ReadOnlySpan<uint> source, in ResizeGeometry g, in PixelWriter writer, Span<float> destination)
    {
        Taps[] columns = Taps.Of(g.SourceWidth, g.TargetWidth, g.CropX, g.Width);
        Taps[] rows = Taps.Of(g.SourceHeight, g.TargetHeight, g.CropY, g.Height);
        if (g.Mirror)
            columns = Mirror(columns, g.SourceWidth);
        int top = rows[0].Start;
        int count = rows[^1].Start + rows[^1].Weights.Length - top;
        uint[] scaled = ArrayPool<uint>.Shared.Rent(count * g.Width);
        for (int y = 0; y < count; y++)
            ScaleRow(source.Slice((top + y) * g.SourceWidth, g.SourceWidth), columns, scaled.AsSpan(y * g.Width, g.Width));

        var pixels = new Vector128<float>[g.Width];
        for (int y = 0; y < g.Height; y++)
        {
            ScaleColumns(scaled.AsSpan((rows[y].Start - top) * g.Width), rows[y].Weights, pixels);
            writer.WriteRow(pixels, destination[(y * g.Width * 3)..]);
        }

        ArrayPool<uint>.Shared.Return(scaled);
    }

    private static Taps[] Mirror(Taps[] columns, int source) => Array.ConvertAll(columns, taps => taps.Mirrored(source));

    private static void ScaleRow(ReadOnlySpan<uint> source, Taps[] columns, Span<uint> scaled)
    {
        for (int x = 0; x < columns.Length; x++)
        {
            int[] weights = columns[x].Weights;
            ReadOnlySpan<uint> taps = source.Slice(columns[x].Start, weights.Length);
            Vector128<int> sum = Vector128.Create(1 << (Precision - 1));
            for (int i = 0; i < weights.Length; i++)
                sum += Resampler.Unpack(taps[i]) * weights[i];
            scaled[x] = Pack(sum);
        }
    }

    private static void ScaleColumns(ReadOnlySpan<uint> scaled, int[] weights, Vector128<float>[] pixels)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            Vector128<int> sum = Vector128.Create(1 << (Precision - 1));
            for (int i = 0; i < weights.Length; i++)
                sum += Resampler.Unpack(scaled[(i * pixels.Length) + x]) * weights[i];
            pixels[x] = Vector128.ConvertToSingle(Clip(sum));
        }
    }

    private static Vector128<int> Clip(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> Precision, Vector128<int>.Zero), Vector128.Create(255));

    private static uint Pack(Vector128<int> sum)
    {
        Vector128<int> value = Clip(sum);
        return (uint)(value[0] | (value[1] << 8) | (value[2] << 16) | (value[3] << 24));
    }

    /// <summary>The source positions that make up one position, and their weights.</summary>
    private readonly record struct Taps(int Start, int[] Weights)
    {
        internal static Taps[] Of(int source, int target, int start, int count)
        {
            double scale = (double)source / target;
            var taps = new Taps[count];
            for (int i = 0; i < count; i++)
                taps[i] = One(source, scale, start + i);
            return taps;
        }

        internal Taps Mirrored(int source) => new(source - Start - Weights.Length, [.. Weights.Reverse()]);

        private static Taps One(int source, double scale, int position)
        {
            double support = Math.Max(scale, 1);
            double centre = (position + 0.5) * scale;
            int from = Math.Max((int)(centre - support + 0.5), 0);
            int to = Math.Min((int)(centre + support + 0.5), source);
            var weights = new double[to - from];
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                double distance = Math.Abs((i + from - centre + 0.5) * (1 / support));
                weights[i] = distance < 1 ? 1 - distance : 0;
                sum += weights[i];
            }

            // A triangle has no negative weights, so rounding is adding one half.
            return new(from, Array.ConvertAll(weights, weight => (int)(0.5 + (weight / sum * (1 << Precision)))));
        }
    }
}
