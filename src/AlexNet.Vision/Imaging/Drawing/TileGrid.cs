namespace AlexNetTF.Imaging;

/// <summary>Arranges tiles in a nearly square grid with lines between them.</summary>
internal static class TileGrid
{
    private const uint Line = 0xFF40_4040;
    private const int WantedSide = 1024;
    private const int LargestScale = 8;

    internal static DecodedImage Activations(float[] values, int[] shape, string path)
    {
        if (shape.Length > 1 && shape.Length != 3 && shape[0] == 1)
            shape = shape[1..];
        if (shape.Length is not (1 or 3) || shape.Contains(0))
            throw new AlexNetException($"{path}: activations of shape [{string.Join(", ", shape)}] are no picture; [1, H, W, C] or [1, N] is needed.");
        RequireFinite(values, path);
        (int height, int width, int channels) = shape is [int h, int w, int c] ? (h, w, c) : Square(shape[0]);
        return Draw(channels, width, height, (tile, pixels) => FillGrey(values, tile, channels, pixels));
    }

    internal static DecodedImage Filters(float[] values, int[] shape, ChannelOrder order, string path)
    {
        if (shape is not [int height, int width, 3, int filters] || shape.Contains(0))
            throw new AlexNetException($"{path}: filters of shape [{string.Join(", ", shape)}] have no colours; [height, width, 3, filters] is needed.");
        RequireFinite(values, path);
        return Draw(filters, width, height, (tile, pixels) => FillColour(values, tile, filters, order, pixels));
    }

    private static (int Height, int Width, int Channels) Square(int count)
    {
        int width = (int)Math.Ceiling(Math.Sqrt(count));
        return ((count + width - 1) / width, width, 1);
    }

    private static DecodedImage Draw(int tiles, int width, int height, Action<int, DecodedImage> fill)
    {
        int columns = (int)Math.Ceiling(Math.Sqrt(tiles));
        int rows = (tiles + columns - 1) / columns;
        int scale = Math.Clamp(WantedSide / Math.Max(columns * (width + 1), rows * (height + 1)), 1, LargestScale);
        int stepX = (width * scale) + 1, stepY = (height * scale) + 1;
        DecodedImage grid = Canvas.Create((columns * stepX) + 1, (rows * stepY) + 1, Line);
        var canvas = new Canvas(grid);
        for (int tile = 0; tile < tiles; tile++)
        {
            using DecodedImage pixels = Canvas.Create(width, height, 0);
            fill(tile, pixels);
            canvas.Draw(pixels, (tile % columns * stepX) + 1, (tile / columns * stepY) + 1, scale);
        }

        return grid;
    }

    // Element i of the tile lies at i · channels + tile; a vector's last row may be short.
    private static void FillGrey(float[] values, int tile, int channels, DecodedImage pixels)
    {
        float smallest = float.PositiveInfinity, largest = float.NegativeInfinity;
        for (int i = tile; i < values.Length; i += channels)
            (smallest, largest) = (Math.Min(smallest, values[i]), Math.Max(largest, values[i]));
        double scale = largest > smallest ? 255 / ((double)largest - smallest) : 0;
        for (int i = tile, at = 0; i < values.Length; i += channels, at++)
        {
            byte grey = (byte)Math.Round((values[i] - (double)smallest) * scale);
            pixels.Pixels[at] = DecodedImage.Pack(grey, grey, grey);
        }
    }

    private static void FillColour(float[] values, int tile, int filters, ChannelOrder order, DecodedImage pixels)
    {
        double largest = 0;
        for (int i = tile; i < values.Length; i += filters)
            largest = Math.Max(largest, Math.Abs((double)values[i]));
        for (int at = 0; at < pixels.Pixels.Length; at++)
        {
            byte first = Level(0), second = Level(1), third = Level(2);
            pixels.Pixels[at] = order == ChannelOrder.Bgr ? DecodedImage.Pack(first, second, third) : DecodedImage.Pack(third, second, first);

            byte Level(int channel) => largest == 0 ? (byte)128 : (byte)Math.Round(127.5 + (values[(((at * 3) + channel) * filters) + tile] / largest * 127.5));
        }
    }

    private static void RequireFinite(float[] values, string path)
    {
        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0)
            throw new AlexNetException($"{path}: value {wrong} is {values[wrong]}; only finite values can be drawn.");
    }
}
