namespace AlexNetTF;

/// <summary>
/// Base of every error that this library raises about its input: a graph, a file, a picture, an option.
/// The message says what is wrong, where, both values and the remedy.
/// </summary>
public class AlexNetException : Exception
{
    /// <summary>Creates the error with its message.</summary>
    public AlexNetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its message and the error that led to it.</summary>
    public AlexNetException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Creates the error with a general message.</summary>
    public AlexNetException()
        : base("The operation failed.")
    {
    }
}

/// <summary>A file does not hold what its format promises, or holds something that is refused on purpose.</summary>
public class FileFormatException : AlexNetException
{
    /// <summary>Creates the error for a file.</summary>
    /// <param name="path">The file, or a word for its source where it has no path (a stream).</param>
    /// <param name="problem">What is wrong, where in the file, and the remedy.</param>
    /// <param name="inner">The error that led to it, if any.</param>
    public FileFormatException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }
}
