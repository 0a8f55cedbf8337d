using AlexNetTF.Imaging;
using NumSharp;

namespace AlexNetTF;

/// <summary>Makes a network's input from a picture.</summary>
public static class ImageInput
{
    /// <summary>Decodes and preprocesses one picture.</summary>
    /// <param name="source">A path, a stream, encoded bytes, or raw pixels (<see cref="ImageSource.FromPixels"/>).</param>
    /// <param name="preprocessing">Size, resize, channel order, mean; null for <see cref="Preprocessing.Bvlc"/>.</param>
    /// <param name="limits">What the picture may cost; null for <see cref="ImageLimits.Default"/>.</param>
    /// <returns>float32 of shape [1, Height, Width, 3].</returns>
    /// <exception cref="ImageFormatException">The picture is empty, none, broken, or beyond the limits.</exception>
    /// <exception cref="AlexNetException">The preprocessing has a value out of range.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static NDArray Load(ImageSource source, Preprocessing? preprocessing = null, ImageLimits? limits = null) =>
        Load(source, out _, preprocessing, limits);

    /// <summary>Decodes and preprocesses one picture, and says what is odd about it.</summary>
    /// <param name="source">A path, a stream, encoded bytes, or raw pixels (<see cref="ImageSource.FromPixels"/>).</param>
    /// <param name="warning">What a user should know although there is a picture (a JPEG that was cut short); null where all is well.</param>
    /// <param name="preprocessing">Size, resize, channel order, mean; null for <see cref="Preprocessing.Bvlc"/>.</param>
    /// <param name="limits">What the picture may cost; null for <see cref="ImageLimits.Default"/>.</param>
    /// <returns>float32 of shape [1, Height, Width, 3].</returns>
    /// <exception cref="ImageFormatException">The picture is empty, none, broken, or beyond the limits.</exception>
    /// <exception cref="AlexNetException">The preprocessing has a value out of range.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static unsafe NDArray Load(ImageSource source, out string? warning, Preprocessing? preprocessing = null, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        preprocessing = (preprocessing ?? Preprocessing.Bvlc).Validated();
        var input = new NDArray(NPTypeCode.Single, new NumSharp.Shape(1, preprocessing.Height, preprocessing.Width, 3), fillZeros: false);
        var values = new Span<float>(input.Unsafe.Address, preprocessing.Height * preprocessing.Width * 3);
        warning = WriteInto(source, preprocessing, limits ?? ImageLimits.Default, mirror: false, values);
        return input;
    }

    /// <summary>Decodes and preprocesses one picture into memory that is there already.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="preprocessing">Already checked by <see cref="Preprocessing.Validated"/>.</param>
    /// <param name="limits">What the picture may cost.</param>
    /// <param name="mirror">Whether left and right change places before the picture is resized.</param>
    /// <param name="destination">Height × Width × 3 floats.</param>
    /// <param name="jitter">A random change, already decided.</param>
    /// <returns>The warning, or null.</returns>
    internal static string? WriteInto(ImageSource source, Preprocessing preprocessing, ImageLimits limits, bool mirror, Span<float> destination, ImageJitter jitter = default)
    {
        using DecodedImage image = source.Decode(preprocessing.AutoOrient, limits);
        using DecodedImage? crop = jitter.Crop(image);
        WriteInto(crop ?? image, preprocessing, mirror, destination, jitter);
        return image.Warning;
    }

    /// <summary>Preprocesses a decoded picture; its transparency is resolved in place.</summary>
    internal static void WriteInto(DecodedImage image, Preprocessing preprocessing, bool mirror, Span<float> destination, ImageJitter jitter = default)
    {
        if (image.HasAlpha && preprocessing.Alpha != AlphaHandling.Drop)
            image.CompositeOver(preprocessing.Alpha == AlphaHandling.OverWhite ? (byte)255 : (byte)0);
        Resampler.Run(image, preprocessing, mirror, jitter, destination[..(preprocessing.Height * preprocessing.Width * 3)]);
    }
}
