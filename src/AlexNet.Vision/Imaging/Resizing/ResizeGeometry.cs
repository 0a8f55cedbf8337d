namespace AlexNetTF.Imaging;

/// <summary>
/// Which pixels a resize computes: the source is (mirrored and) scaled to TargetWidth × TargetHeight, of which the
/// window of Width × Height at (CropX, CropY) is wanted.
/// </summary>
internal readonly record struct ResizeGeometry(
    int SourceWidth, int SourceHeight, int TargetWidth, int TargetHeight, int CropX, int CropY, int Width, int Height, bool Mirror)
{
    /// <summary>The geometry of a preprocessing for a picture of a given size.</summary>
    internal static ResizeGeometry Of(Preprocessing preprocessing, int sourceWidth, int sourceHeight, bool mirror)
    {
        (int width, int height) = Target(preprocessing, sourceWidth, sourceHeight);
        return new(
            sourceWidth, sourceHeight, width, height,
            Centre(width, preprocessing.Width), Centre(height, preprocessing.Height),
            preprocessing.Width, preprocessing.Height, mirror);
    }

    private static (int Width, int Height) Target(Preprocessing preprocessing, int sourceWidth, int sourceHeight)
    {
        int side = preprocessing.ResizeTo;
        if (preprocessing.Resize == ResizeMode.Stretch)
            return side == 0 ? (preprocessing.Width, preprocessing.Height) : (side, side);
        if (side == 0)
            side = Math.Max(preprocessing.Width, preprocessing.Height);
        // torchvision: the longer side is int(side · longer / shorter). A product of double precision, then one division.
        int longer = (int)((double)side * Math.Max(sourceWidth, sourceHeight) / Math.Min(sourceWidth, sourceHeight));
        return sourceWidth <= sourceHeight ? (side, longer) : (longer, side);
    }

    // torchvision: int(round((whole − part) / 2)), and Python rounds halves to even.
    private static int Centre(int whole, int part) => (int)Math.Round((whole - part) / 2.0, MidpointRounding.ToEven);
}
