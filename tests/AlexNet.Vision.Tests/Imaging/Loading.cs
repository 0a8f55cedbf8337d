using NumSharp;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>Calls of <see cref="ImageInput"/> whose array is not wanted.</summary>
internal static class Loading
{
    /// <summary>Loads and gives the warning.</summary>
    internal static string? Warning(ImageSource source, ImageLimits? limits = null)
    {
        using NDArray input = ImageInput.Load(source, out string? warning, limits: limits);
        return warning;
    }

    /// <summary>The error that loading must end with.</summary>
    internal static T Fails<T>(ImageSource source, Preprocessing? preprocessing = null, ImageLimits? limits = null)
        where T : Exception
    {
        T? error = Assert.Throws<T>(() =>
        {
            using NDArray input = ImageInput.Load(source, preprocessing, limits);
        });
        return error!;
    }
}
