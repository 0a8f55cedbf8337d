namespace AlexNetTF;

/// <summary>Why a picture cannot be used.</summary>
public enum ImageProblem
{
    /// <summary>The file or stream has no bytes.</summary>
    Empty,

    /// <summary>The content is no picture format that is known here.</summary>
    NotAPicture,

    /// <summary>The content is a known picture format that is not decoded here.</summary>
    Unsupported,

    /// <summary>The content starts like a picture but is damaged or cut short beyond use.</summary>
    Broken,

    /// <summary>The picture exceeds a limit of <see cref="ImageLimits"/>.</summary>
    TooLarge,
}

/// <summary>A picture cannot be used. The message names the picture, what is wrong, and the remedy.</summary>
public sealed class ImageFormatException : FileFormatException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The picture's path, or a word for its source.</param>
    /// <param name="problem">The kind of problem.</param>
    /// <param name="message">What is wrong and the remedy.</param>
    public ImageFormatException(string name, ImageProblem problem, string message)
        : base(name, message) => Problem = problem;

    /// <summary>The kind of problem, for programs.</summary>
    public ImageProblem Problem { get; }
}
