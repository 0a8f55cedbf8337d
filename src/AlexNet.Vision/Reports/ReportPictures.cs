using AlexNetTF.Imaging;
using NumSharp;

namespace AlexNetTF.Reports;

/// <summary>Pictures as addresses that hold their own bytes, so that a page needs no other file.</summary>
internal static class ReportPictures
{
    private const int Side = 112;

    // 0 to 255 in the order of a decoded picture's channels; the longer side is pressed, as the network sees it.
    private static readonly Preprocessing Small = Preprocessing.Article with { Width = Side, Height = Side };

    /// <summary>A small copy of a picture; null where it cannot be read any more.</summary>
    public static string? Thumbnail(string path)
    {
        try
        {
            float[] pixels = ImageInput.Load(path, Small).ToArray<float>();
            using DecodedImage image = DecodedImage.Rent(Side, Side);
            for (int i = 0; i < Side * Side; i++) image.Pixels[i] = DecodedImage.Pack(Level(pixels[3 * i]), Level(pixels[(3 * i) + 1]), Level(pixels[(3 * i) + 2]));
            return Address("image/jpeg", PictureFile.Encode(image, jpeg: true));
        }
        catch (Exception error) when (error is AlexNetException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A grid of filters; null where a value is not finite.</summary>
    public static string? Filters(float[] values, int[] shape, ChannelOrder channels)
    {
        if (!Array.TrueForAll(values, float.IsFinite)) return null;
        using DecodedImage grid = TileGrid.Filters(values, shape, channels, "conv1");
        return Address("image/png", PictureFile.Encode(grid, jpeg: false));
    }

    private static byte Level(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);

    private static string Address(string type, byte[] bytes) => $"data:{type};base64,{Convert.ToBase64String(bytes)}";
}
