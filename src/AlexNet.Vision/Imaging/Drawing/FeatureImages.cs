using AlexNetTF.Imaging;
using NumSharp;

namespace AlexNetTF;

/// <summary>Shows what a layer computes, and what its filters look for, as pictures.</summary>
public static class FeatureImages
{
    /// <summary>
    /// Writes one picture's activations as a grid, a tile for each channel in reading order. Black is the channel's smallest
    /// value (0 after a ReLU), white its largest; a channel of one value is black. A vector becomes one tile in rows.
    /// </summary>
    /// <param name="activations">float32 of shape [1, H, W, C], [H, W, C], [1, N] or [N].</param>
    /// <param name="path">The new file: .png, .jpg, .jpeg or .webp.</param>
    /// <exception cref="AlexNetException">The shape or type is another, a value is not finite, or the file's extension is another.</exception>
    public static void SaveActivations(NDArray activations, string path)
    {
        ArgumentNullException.ThrowIfNull(activations);
        PictureFile.RequireFormat(path);
        using DecodedImage grid = TileGrid.Activations(Values(activations), Shape(activations), path);
        PictureFile.Write(grid, path);
    }

    /// <summary>
    /// Writes the filters of a convolution over pictures, such as conv1's, as a grid of colour tiles. Grey is 0; each filter
    /// is scaled by its largest magnitude.
    /// </summary>
    /// <param name="filters">float32 of shape [height, width, 3, filters], TensorFlow's layout.</param>
    /// <param name="path">The new file: .png, .jpg, .jpeg or .webp.</param>
    /// <param name="channels">The order of the three input channels.</param>
    /// <exception cref="AlexNetException">The shape or type is another, a value is not finite, or the file's extension is another.</exception>
    public static void SaveFilters(NDArray filters, string path, ChannelOrder channels = ChannelOrder.Bgr)
    {
        ArgumentNullException.ThrowIfNull(filters);
        PictureFile.RequireFormat(path);
        using DecodedImage grid = TileGrid.Filters(Values(filters), Shape(filters), channels, path);
        PictureFile.Write(grid, path);
    }

    private static int[] Shape(NDArray array) => Array.ConvertAll(array.shape, size => checked((int)size));

    private static float[] Values(NDArray array) => array.typecode == NPTypeCode.Single
        ? array.ToArray<float>()
        : throw new AlexNetException($"Activations and filters are float32, not {array.typecode}.");
}
