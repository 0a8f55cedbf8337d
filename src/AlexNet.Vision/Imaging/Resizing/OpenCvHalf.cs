using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>
/// <c>cv2.resize</c> to exactly half the width and height, where OpenCV averages boxes of 2×2 in place of interpolating:
/// (a + b + c + d + 2) ≫ 2 in 8 bits, (a + b + c + d)·0.25 in float32.
/// </summary>
internal static class OpenCvHalf
{
    internal static void Run(ReadOnlySpan<uint> source, in ResizeGeometry g, bool rounded, in PixelWriter writer, Span<float> destination)
    {
        var pixels = new Vector128<float>[g.Width];
        for (int y = 0; y < g.Height; y++)
        {
            ReadOnlySpan<uint> above = source.Slice(2 * (g.CropY + y) * g.SourceWidth, g.SourceWidth);
            ReadOnlySpan<uint> below = source.Slice(((2 * (g.CropY + y)) + 1) * g.SourceWidth, g.SourceWidth);
            for (int x = 0; x < g.Width; x++)
            {
                int column = g.CropX + x;
                int left = 2 * (g.Mirror ? g.TargetWidth - 1 - column : column);
                Vector128<int> sum = Resampler.Unpack(above[left]) + Resampler.Unpack(above[left + 1]) + Resampler.Unpack(below[left]) + Resampler.Unpack(below[left + 1]);
                pixels[x] = rounded
                    ? Vector128.ConvertToSingle((sum + Vector128.Create(2)) >> 2)
                    : Vector128.ConvertToSingle(sum) * 0.25f;
            }

            writer.WriteRow(pixels, destination[(y * g.Width * 3)..]);
        }
    }
}
