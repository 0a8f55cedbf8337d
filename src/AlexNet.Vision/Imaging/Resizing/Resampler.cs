using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>Scales, crops and normalises a decoded picture into a network's input.</summary>
internal static class Resampler
{
    /// <summary>Writes Height × Width × 3 floats.</summary>
    internal static void Run(DecodedImage image, Preprocessing preprocessing, bool mirror, ImageJitter jitter, Span<float> destination)
    {
        ResizeGeometry geometry = ResizeGeometry.Of(preprocessing, image.Width, image.Height, mirror);
        var writer = new PixelWriter(preprocessing, jitter);
        ReadOnlySpan<uint> source = image.Pixels;
        bool half = geometry.SourceWidth == 2 * geometry.TargetWidth && geometry.SourceHeight == 2 * geometry.TargetHeight;
        switch (preprocessing.Kernel)
        {
            case ResizeKernel.OpenCvLinear when half:
                OpenCvHalf.Run(source, geometry, rounded: true, writer, destination);
                break;
            case ResizeKernel.OpenCvLinear:
                OpenCvLinear.Run(source, geometry, writer, destination);
                break;
            case ResizeKernel.OpenCvLinearFloat when half:
                OpenCvHalf.Run(source, geometry, rounded: false, writer, destination);
                break;
            case ResizeKernel.OpenCvLinearFloat:
                FloatBilinear.RunOpenCv(source, geometry, writer, destination);
                break;
            case ResizeKernel.TensorFlowBilinear:
                FloatBilinear.RunTensorFlow(source, geometry, writer, destination);
                break;
            default:
                PillowBilinear.Run(source, geometry, writer, destination);
                break;
        }
    }

    /// <summary>A pixel's four channels as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Unpack(uint pixel) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();

    /// <summary>A pixel's four channels as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> UnpackFloat(uint pixel) => Vector128.ConvertToSingle(Unpack(pixel));
}
