using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>
/// Bilinear resizing in float32 without rounding. OpenCV's blend is a·(1−t) + b·t, along x and then along y; TensorFlow's is
/// a + (b−a)·t. No fused multiply-add: it would change the last bit.
/// </summary>
internal static class FloatBilinear
{
    internal static void RunOpenCv(ReadOnlySpan<uint> source, in ResizeGeometry g, in PixelWriter writer, Span<float> destination) => Run(
        source,
        g,
        LinearTaps.OpenCv(g.SourceWidth, g.TargetWidth, g.CropX, g.Width, zeroOutside: true),
        LinearTaps.OpenCv(g.SourceHeight, g.TargetHeight, g.CropY, g.Height, zeroOutside: false),
        openCv: true,
        writer,
        destination);

    internal static void RunTensorFlow(ReadOnlySpan<uint> source, in ResizeGeometry g, in PixelWriter writer, Span<float> destination) => Run(
        source,
        g,
        LinearTaps.TensorFlow(g.SourceWidth, g.TargetWidth, g.CropX, g.Width),
        LinearTaps.TensorFlow(g.SourceHeight, g.TargetHeight, g.CropY, g.Height),
        openCv: false,
        writer,
        destination);

    private static void Run(
        ReadOnlySpan<uint> source, in ResizeGeometry g, LinearTaps columns, LinearTaps rows, bool openCv, in PixelWriter writer, Span<float> destination)
    {
        if (g.Mirror)
            columns = columns.Mirrored(g.SourceWidth);
        var pixels = new Vector128<float>[g.Width];
        for (int y = 0; y < g.Height; y++)
        {
            ReadOnlySpan<uint> above = source.Slice(rows.First[y] * g.SourceWidth, g.SourceWidth);
            ReadOnlySpan<uint> below = source.Slice(rows.Second[y] * g.SourceWidth, g.SourceWidth);
            for (int x = 0; x < g.Width; x++)
            {
                (int first, int second, float share) = (columns.First[x], columns.Second[x], columns.Share[x]);
                Vector128<float> top = Blend(Resampler.UnpackFloat(above[first]), Resampler.UnpackFloat(above[second]), share, openCv);
                Vector128<float> bottom = Blend(Resampler.UnpackFloat(below[first]), Resampler.UnpackFloat(below[second]), share, openCv);
                pixels[x] = Blend(top, bottom, rows.Share[y], openCv);
            }

            writer.WriteRow(pixels, destination[(y * g.Width * 3)..]);
        }
    }

    private static Vector128<float> Blend(Vector128<float> a, Vector128<float> b, float share, bool openCv) =>
        openCv ? (a * (1f - share)) + (b * share) : a + ((b - a) * share);
}
