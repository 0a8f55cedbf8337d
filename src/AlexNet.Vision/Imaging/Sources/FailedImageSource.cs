namespace AlexNetTF.Imaging;

/// <summary>A picture that is known not to be there; using it gives the reason.</summary>
internal sealed class FailedImageSource(string name, string reason) : ImageSource(name)
{
    internal override DecodedImage Decode(bool autoOrient, ImageLimits limits) => throw new AlexNetException($"{Name}: {reason}");
}
